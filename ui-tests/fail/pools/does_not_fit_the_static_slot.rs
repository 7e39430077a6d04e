use coframe::{Executor, FramePool};

async fn pause() {}

#[coframe::coroutine]
async fn large() {
    let bytes = [0_u8; 100];
    pause().await;
    assert_eq!(bytes, [0; 100]);
}

static FRAMES: FramePool<64, 1> = FramePool::new();
static EXECUTOR: Executor = Executor::new();

fn main() {
    FRAMES.spawn(&EXECUTOR, large()).unwrap();
}
