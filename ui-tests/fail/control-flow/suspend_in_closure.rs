#[coframe::coroutine(yield = u32)]
fn count() {
    (0..3).for_each(|i| suspend!(i));
}

fn main() {
    let _ = count();
}
