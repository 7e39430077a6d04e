#[coframe::coroutine(yield = u32)]
fn count() {
    suspend!("one");
}

fn main() {
    let _ = count();
}
