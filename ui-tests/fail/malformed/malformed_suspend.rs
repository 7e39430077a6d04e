#[coframe::coroutine(yield = u32)]
fn count() {
    suspend!(1 2);
}

fn main() {
    let _ = count();
}
