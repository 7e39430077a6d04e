async fn pause() {}

#[coframe::coroutine]
async fn run(n: u32, n: u32) -> u32 {
    pause().await;
    n
}

fn main() {
    let _ = run(1, 2);
}
