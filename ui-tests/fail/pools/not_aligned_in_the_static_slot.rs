use coframe::{Executor, FramePool};

async fn pause() {}

#[coframe::coroutine]
async fn timed(at: u64) {
    pause().await;
    assert!(at > 0);
}

static FRAMES: FramePool<64, 1, 4> = FramePool::new();
static EXECUTOR: Executor = Executor::new();

fn main() {
    FRAMES.spawn(&EXECUTOR, timed(1)).unwrap();
}
