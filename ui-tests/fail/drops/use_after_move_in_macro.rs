async fn pause() {}

#[coframe::coroutine]
async fn run() {
    pause().await;
    let text = String::new();
    drop(text);
    println!("{text}");
}

fn main() {
    let _ = run();
}
