async fn pause() {}

#[coframe::coroutine]
async fn run(text: String) -> usize {
    let n = 0;
    pause().await;
    n += 1;
    text.push('a');
    n
}

fn main() {
    let _ = run(String::new());
}
