async fn pause() {}

#[coframe::coroutine]
async fn run(text: String) {
    pause().await;
    text.push('a');
}

fn main() {
    let _ = run(String::new());
}
