async fn pause() {}

#[coframe::coroutine]
async fn run(text: String) -> usize {
    drop(text);
    text.len()
}

#[coframe::coroutine]
async fn across(text: String) -> usize {
    drop(text);
    pause().await;
    text.len()
}

fn main() {
    let _ = run(String::new());
    let _ = across(String::new());
}
