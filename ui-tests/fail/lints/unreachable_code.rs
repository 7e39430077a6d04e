#![deny(unreachable_code)]

async fn pause() {}

#[coframe::coroutine]
async fn run() -> u32 {
    pause().await;
    return 1;
    pause().await;
    2
}

fn main() {
    let _ = run();
}
