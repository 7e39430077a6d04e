async fn pause() {}

#[coframe::coroutine]
async fn length(text: &str) -> usize {
    pause().await;
    text.len()
}

fn main() {
    let frame = {
        let text = String::from("text");
        length(&text)
    };
    let _ = coframe::block_on(frame);
}
