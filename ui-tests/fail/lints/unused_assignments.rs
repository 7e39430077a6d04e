#![deny(unused_assignments)]

async fn pause() {}

#[coframe::coroutine]
async fn run() -> u32 {
    let mut n = 1;
    pause().await;
    n = 2;
    pause().await;
    n = 3;
    n
}

fn main() {
    let _ = run();
}
