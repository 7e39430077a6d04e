async fn send(_: String) {}

#[coframe::coroutine]
async fn run(text: String) {
    for _ in 0..2 {
        send(text).await;
    }
}

fn main() {
    let _ = run(String::new());
}
