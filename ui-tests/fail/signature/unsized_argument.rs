async fn pause() {}

#[coframe::coroutine]
async fn run(text: str) {
    pause().await;
}

fn main() {}
