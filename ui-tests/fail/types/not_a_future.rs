fn number() -> u32 {
    1
}

#[coframe::coroutine]
async fn run() -> u32 {
    number().await
}

fn main() {
    let _ = run();
}
