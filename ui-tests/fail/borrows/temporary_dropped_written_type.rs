async fn pause() {}

#[coframe::coroutine]
async fn run() -> usize {
    let text: &str = String::from("text").as_str();
    pause().await;
    text.len()
}

fn main() {
    let _ = run();
}
