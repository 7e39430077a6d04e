async fn number() -> u32 {
    1
}

#[coframe::coroutine]
async fn run() -> u32 {
    let n = match number().await {
        0 => number().await,
        1 => "one",
        _ => 2,
    };
    number().await;
    n
}

fn main() {
    run();
}
