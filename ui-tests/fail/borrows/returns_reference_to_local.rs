async fn pause() {}

#[coframe::coroutine]
async fn run() -> &'static str {
    let text = String::from("text");
    pause().await;
    &text
}

fn main() {
    let _ = run();
}
