async fn fill(buffer: &mut [u8]) {
    buffer.fill(1);
}

#[coframe::coroutine]
async fn run() -> u8 {
    let mut buffer = [0; 4];
    let first = &buffer[0];
    fill(&mut buffer).await;
    *first
}

fn main() {
    let _ = run();
}
