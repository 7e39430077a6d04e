async fn pause() {}

#[coframe::coroutine]
async fn run() {
    pause().await;
    (0..3).for_each(|_| suspend!());
}

fn main() {
    let _ = run();
}
