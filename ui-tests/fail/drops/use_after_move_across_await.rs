async fn send(_: String) {}

async fn show(_: &str) {}

#[coframe::coroutine]
async fn run(text: String) {
    send(text).await;
    show(&text).await;
}

fn main() {
    let _ = run(String::new());
}
