async fn pause() {}

#[coframe::coroutine]
async fn first(left: &str, right: &str) -> &str {
    pause().await;
    if left.is_empty() { right } else { left }
}

fn main() {
    let _ = first("a", "b");
}
