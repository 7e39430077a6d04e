#[coframe::coroutine(yield = u32, resume = bool)]
async fn count() {}

fn main() {
    let _ = count();
}
