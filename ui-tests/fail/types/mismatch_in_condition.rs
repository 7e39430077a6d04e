async fn number() -> u32 {
    1
}

#[coframe::coroutine]
async fn run() {
    while 1 {
        number().await;
    }
    if "text" {
        number().await;
    }
}

fn main() {
    let _ = run();
}
