#![deny(unreachable_patterns)]

async fn pause() {}

#[coframe::coroutine]
async fn run(n: u32) {
    match n {
        0 => pause().await,
        _ => {}
        1 => pause().await,
    }
}

fn main() {
    let _ = run(1);
}
