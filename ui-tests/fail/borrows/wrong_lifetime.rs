async fn pause() {}

#[coframe::coroutine]
async fn first<'a, 'b>(left: &'a str, right: &'b str) -> &'a str {
    pause().await;
    if left.is_empty() { right } else { left }
}

fn main() {
    let _ = first("a", "b");
}
