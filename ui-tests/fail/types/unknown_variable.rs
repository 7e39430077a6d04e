async fn pause() {}

#[coframe::coroutine]
async fn run(total: u32) -> u32 {
    pause().await;
    totl
}

fn main() {
    let _ = run(1);
}
