async fn number() -> u32 {
    1
}

#[coframe::coroutine]
async fn run() {
    let flag: bool = 1;
    number().await;
    println!("{flag}");
}

fn main() {
    let _ = run();
}
