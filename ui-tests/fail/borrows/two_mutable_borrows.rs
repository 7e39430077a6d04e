async fn pause() {}

#[coframe::coroutine]
async fn run() {
    let mut n = 0;
    let first = &mut n;
    pause().await;
    let second = &mut n;
    pause().await;
    *first += 1;
    *second += 1;
}

fn main() {
    let _ = run();
}
