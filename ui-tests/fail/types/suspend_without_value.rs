#[coframe::coroutine(yield = u32)]
fn count() {
    suspend!();
}

fn main() {
    let _ = count();
}
