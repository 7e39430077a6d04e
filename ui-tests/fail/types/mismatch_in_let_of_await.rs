async fn number() -> u32 {
    1
}

#[coframe::coroutine]
async fn run() {
    let text: &str = number().await;
    let flag: bool = 1;
    number().await;
    println!("{text} {flag}");
}

fn main() {
    let _ = run();
}
