async fn pause() {}

fn length(text: &str) -> usize {
    text.len()
}

#[coframe::coroutine]
async fn run() -> usize {
    let text = String::new();
    pause().await;
    drop(text);
    length(&text)
}

fn main() {
    let _ = run();
}
