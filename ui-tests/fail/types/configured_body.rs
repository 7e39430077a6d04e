async fn pause() {}

#[coframe::coroutine]
async fn run(n: u32) -> u32 {
    #[cfg(any())]
    missing();
    let text = n.to_string();
    pause().await;
    #[cfg(all())]
    return text.len();
}

#[coframe::coroutine]
async fn wait() {
    #[cfg(all())]
    break;
    pause().await;
}

fn main() {
    let _ = run(1);
    let _ = wait();
}
