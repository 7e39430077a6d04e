async fn pause() {}

#[coframe::coroutine]
async fn run() {
    pause().await;
    let numbers = "1 2".split(' ').map(|n| n.parse().unwrap()).collect::<Vec<_>>();
    drop(numbers);
}

fn main() {
    let _ = run();
}
