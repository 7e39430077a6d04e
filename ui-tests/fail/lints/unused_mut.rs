#![deny(unused_mut)]

async fn pause() {}

#[coframe::coroutine]
async fn run(mut text: String) -> usize {
    let mut n = 1;
    pause().await;
    n + text.len()
}

fn main() {
    let _ = run(String::new());
}
