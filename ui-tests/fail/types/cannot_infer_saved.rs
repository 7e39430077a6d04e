async fn pause() {}

#[coframe::coroutine]
async fn run() {
    let numbers = Vec::new();
    pause().await;
    drop(numbers);
}

fn main() {
    let _ = run();
}
