async fn pause() {}

#[coframe::coroutine]
async fn run() {
    let mut n = 1u32;
    while n {
        pause().await;
        n = 0;
    }
    drop(n);
}

fn main() {
    run();
}
