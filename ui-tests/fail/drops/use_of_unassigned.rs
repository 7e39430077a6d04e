async fn is_ready() -> bool {
    true
}

#[coframe::coroutine]
async fn run() -> String {
    let text;
    if is_ready().await {
        text = String::new();
    }
    text
}

fn main() {
    let _ = run();
}
