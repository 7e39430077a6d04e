async fn double(n: u32) -> u32 {
    2 * n
}

fn half(n: u32) -> u32 {
    n / 2
}

#[coframe::coroutine]
async fn run() -> u32 {
    double("1").await + half("1")
}

#[coframe::coroutine]
async fn nested() -> u32 {
    half("1") + double(double("1").await).await
}

fn main() {
    let _ = run();
    let _ = nested();
}
