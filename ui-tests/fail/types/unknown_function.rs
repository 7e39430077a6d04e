async fn pause() {}

#[coframe::coroutine]
async fn run() {
    puase().await;
    pause().await;
    close();
}

fn main() {
    let _ = run();
}
