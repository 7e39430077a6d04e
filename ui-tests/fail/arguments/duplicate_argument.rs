#[coframe::coroutine(yield = u32, resume = (), yield = u64)]
fn count() {}

fn main() {
    count();
}
