async fn pause() {}

#[coframe::coroutine]
async fn attempt() -> Option<u32> {
    pause().await;
    try { 1 }
}

fn main() {
    let _ = attempt();
}
