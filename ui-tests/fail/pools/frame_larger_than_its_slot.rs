async fn pause() {}

#[coframe::coroutine]
async fn large() -> u8 {
    let bytes = [0; 100];
    pause().await;
    bytes[0]
}

fn main() {
    let runtime = coframe::Runtime::new().unwrap();
    let frames = runtime.io().frames::<64>(1).unwrap();
    drop(frames.try_spawn(large()).unwrap());
}
