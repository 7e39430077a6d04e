async fn pause() {}

#[coframe::coroutine]
async fn show<T: std::fmt::Debug>(text: &str, value: T) -> usize {
    pause().await;
    format!("{text} {value:?}").len()
}

async fn call(function: impl AsyncFn(&str, u32) -> usize) -> usize {
    function("text", 1).await
}

fn main() {
    coframe::block_on(call(show));
}
