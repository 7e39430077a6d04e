async fn pause() {}

#[coframe::coroutine]
async fn run() {
    #[cfg(unix)]
    let name = "unix";
    #[cfg(not(unix))]
    let name = "other";
    pause().await;
    println!("{name}");
}

fn main() {
    let _ = run();
}
