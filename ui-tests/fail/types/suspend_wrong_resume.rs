#[coframe::coroutine(yield = u32, resume = bool)]
fn count() -> u32 {
    let n: u32 = suspend!(1);
    n
}

fn main() {
    let _ = count();
}
