async fn pause() {}

#[coframe::coroutine]
async fn show<T>(value: T) -> String {
    pause().await;
    value.to_string()
}

fn main() {
    let _ = show(1);
}
