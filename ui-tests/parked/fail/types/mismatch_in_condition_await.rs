async fn number() -> u32 {
    1
}

#[coframe::coroutine]
async fn awaited() {
    if number().await {
        number().await;
    }
}

#[coframe::coroutine]
async fn code() {
    while 1 {
        number().await;
    }
}

fn main() {
    let _ = awaited();
    let _ = code();
}
