async fn number() -> u32 {
    1
}

#[coframe::coroutine]
async fn run() -> u32 {
    match number().await {
        0 => number().await,
        1 => "one",
        _ => 2,
    }
}

fn main() {
    let _ = run();
}
