//! Public functions need documentation.

#![deny(missing_docs)]

async fn pause() {}

#[coframe::coroutine]
pub async fn run() {
    pause().await;
}

fn main() {
    let _ = run();
}
