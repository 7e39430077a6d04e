#![deny(deprecated)]

async fn pause() {}

#[coframe::coroutine]
async fn run() -> u32 {
    pause().await;
    old() + awaited_old().await
}

#[deprecated]
fn old() -> u32 {
    1
}

#[deprecated]
async fn awaited_old() -> u32 {
    1
}

fn main() {
    let _ = run();
}
