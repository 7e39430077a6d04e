async fn number() -> u32 {
    1
}

#[coframe::coroutine]
async fn run() {
    if let Some(n) = number().await {
        number().await;
        println!("{n}");
    }
}

fn main() {
    let _ = run();
}
