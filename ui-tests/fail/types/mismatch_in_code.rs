async fn pause() {}

#[coframe::coroutine]
async fn run(n: u32) -> u32 {
    pause().await;
    match n {
        0 => 0,
        _ => "many",
    }
}

fn main() {
    let _ = run(1);
}
