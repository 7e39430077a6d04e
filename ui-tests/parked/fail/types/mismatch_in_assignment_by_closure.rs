async fn pause() {}

#[coframe::coroutine]
async fn run() -> u32 {
    let mut n = 1u32;
    pause().await;
    let mut set = || n = "one";
    set();
    pause().await;
    n
}

fn main() {
    run();
}
