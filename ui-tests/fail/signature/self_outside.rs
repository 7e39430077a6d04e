async fn pause() {}

#[coframe::coroutine]
async fn run(&self) {
    pause().await;
}

fn main() {}
