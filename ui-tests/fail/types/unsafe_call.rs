async fn pause() {}

unsafe fn dangerous() -> u32 {
    1
}

#[coframe::coroutine]
async fn run() -> u32 {
    pause().await;
    dangerous()
}

fn main() {
    let _ = run();
}
