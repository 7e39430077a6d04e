#![deny(unused_parens)]

async fn pause() {}

#[coframe::coroutine]
async fn run(n: u32) -> u32 {
    if (n == 1) {
        pause().await;
    }
    pause().await;
    let m = (n);
    return (m);
}

fn main() {
    let _ = run(1);
}
