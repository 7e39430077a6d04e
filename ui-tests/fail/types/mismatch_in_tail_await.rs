async fn number() -> u32 {
    1
}

#[coframe::coroutine]
async fn run() -> bool {
    number().await
}

#[coframe::coroutine]
async fn code() -> bool {
    number().await;
    "text"
}

fn main() {
    let _ = run();
    let _ = code();
}
