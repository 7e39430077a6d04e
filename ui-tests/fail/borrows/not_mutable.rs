async fn pause() {}

#[coframe::coroutine]
async fn run() -> usize {
    let text = String::new();
    pause().await;
    text.push('a');
    text.len()
}

fn main() {
    let _ = run();
}
