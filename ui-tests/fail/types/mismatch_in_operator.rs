async fn number() -> u32 {
    1
}

#[coframe::coroutine]
async fn run() -> u32 {
    let n = number().await;
    n + "1"
}

fn main() {
    let _ = run();
}
