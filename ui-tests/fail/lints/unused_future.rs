#![deny(unused_must_use)]

async fn pause() {}

#[coframe::coroutine]
async fn run() {
    pause().await;
}

fn main() {
    run();
}
