async fn pause() {}

#[coframe::coroutine]
async fn run() -> u32 {
    let mut n = 0;
    pause().await;
    n = "one";
    pause().await;
    n
}

fn main() {
    run();
}
