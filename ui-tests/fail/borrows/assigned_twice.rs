async fn pause() {}

#[coframe::coroutine]
async fn run() -> usize {
    let n = 0;
    pause().await;
    n += 1;
    n
}

fn main() {
    let _ = run();
}
