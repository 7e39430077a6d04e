struct Pair {
    left: String,
    right: String,
}

async fn pause() {}

#[coframe::coroutine]
async fn left(Pair { left, .. }: Pair) -> String {
    pause().await;
    left
}

fn main() {
    let _ = left(Pair { left: String::new(), right: String::new() });
}
