async fn pause() {}

#[coframe::coroutine]
async fn run() -> u32 {
    let mut n = 0;
    let borrowed = &n;
    n += 1;
    pause().await;
    *borrowed + n
}

fn main() {
    let _ = run();
}
