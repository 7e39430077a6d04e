use std::cell::Cell;

use coframe::{Executor, FramePool};

async fn pause() {}

#[coframe::coroutine]
async fn count(shared: &'static Cell<u32>) {
    pause().await;
    shared.set(1);
}

static FRAMES: FramePool<64, 1> = FramePool::new();
static EXECUTOR: Executor = Executor::new();

fn main() {
    let shared = Box::leak(Box::new(Cell::new(0)));
    FRAMES.spawn(&EXECUTOR, count(shared)).unwrap();
}
