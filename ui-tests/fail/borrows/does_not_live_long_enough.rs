async fn pause() {}

#[coframe::coroutine]
async fn run() -> usize {
    let borrowed;
    {
        let text = String::from("text");
        borrowed = &text;
        pause().await;
    }
    borrowed.len()
}

fn main() {
    let _ = run();
}
