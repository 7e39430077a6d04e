async fn pause() {}

#[coframe::coroutine]
async fn show<T: std::fmt::Display>(value: T) -> String {
    pause().await;
    value.to_string()
}

struct Hidden;

fn main() {
    let _ = show(Hidden);
}
