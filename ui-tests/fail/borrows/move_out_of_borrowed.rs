async fn pause() {}

#[coframe::coroutine]
async fn run(text: String) -> usize {
    let borrowed = &text;
    drop(text);
    pause().await;
    borrowed.len()
}

fn main() {
    let _ = run(String::new());
}
