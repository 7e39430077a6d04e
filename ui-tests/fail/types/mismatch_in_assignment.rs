async fn pause() {}

#[coframe::coroutine]
async fn run() -> u32 {
    let mut n: u32 = 0;
    pause().await;
    n = "one";
    n
}

fn main() {
    let _ = run();
}
