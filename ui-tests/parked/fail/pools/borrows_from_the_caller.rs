async fn pause() {}

#[coframe::coroutine]
async fn length(text: &str) -> usize {
    pause().await;
    text.len()
}

fn main() {
    let runtime = coframe::Runtime::new().unwrap();
    let text = String::from("text");
    drop(runtime.io().spawn(length(&text)));
}
