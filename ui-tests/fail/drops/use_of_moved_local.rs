async fn pause() {}

#[coframe::coroutine]
async fn run() -> usize {
    let text = String::new();
    drop(text);
    pause().await;
    text.len()
}

fn main() {
    let _ = run();
}
