async fn pause() {}

#[coframe::coroutine(max_frame = 64)]
async fn large() -> u8 {
    let bytes = [0; 100];
    pause().await;
    bytes[0]
}

fn main() {
    let _ = large();
}
