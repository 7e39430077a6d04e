async fn number() -> u32 {
    1
}

#[coframe::coroutine]
async fn run() {
    if number().await {
        number().await;
    }
}

fn main() {
    let _ = run();
}
