async fn pause() {}

async fn is_ready() -> bool {
    true
}

#[coframe::coroutine]
async fn run() -> impl Send {
    pause().await;
    suspend!(1);
    [1].iter().for_each(|_| suspend!());
}

#[coframe::coroutine]
async fn classify(n: Option<u32>) {
    match n {
        Some(1) if is_ready().await => {}
        Some(2) if is_ready().await => {}
        _ => {}
    }
}

fn main() {
    let _ = run();
    let _ = classify(None);
}
