#![deny(unused_variables)]

async fn pause() {}

#[coframe::coroutine]
async fn run(unused: u32) {
    let forgotten = 1;
    pause().await;
    for round in 0..2 {
        pause().await;
    }
    if let Some(value) = Some(1) {
        pause().await;
    }
}

fn main() {
    let _ = run(1);
}
