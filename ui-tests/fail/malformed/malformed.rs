#[coframe::coroutine(yield: u32)]
fn count() {}

fn main() {
    count();
}
