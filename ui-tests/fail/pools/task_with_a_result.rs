use coframe::{Executor, FramePool};

#[coframe::coroutine]
async fn measure() -> u32 {
    1
}

static FRAMES: FramePool<64, 1> = FramePool::new();
static EXECUTOR: Executor = Executor::new();

fn main() {
    FRAMES.spawn(&EXECUTOR, measure()).unwrap();
}
