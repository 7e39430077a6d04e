//! Ten thousand tasks in a static array, in a process that aborts when it allocates.
//!
//! Without the test harness, which allocates.

use std::alloc::{GlobalAlloc, Layout, System};
use std::future::poll_fn;
use std::process::abort;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};
use std::task::Poll;

use coframe::{Executor, FramePool, PoolFull, frame_size};

struct Aborting;

static IS_FORBIDDEN: AtomicBool = AtomicBool::new(false);

// SAFETY: everything is passed on to the system's allocator, or the process ends.
unsafe impl GlobalAlloc for Aborting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if IS_FORBIDDEN.load(Relaxed) {
            abort();
        }
        // SAFETY: by this function's contract.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: by this function's contract.
        unsafe { System.dealloc(memory, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Aborting = Aborting;

const COUNT: usize = 10_000;

static FRAMES: FramePool<{ frame_size!(count) }, COUNT> = FramePool::new();
static EXECUTOR: Executor = Executor::new();
static SUM: AtomicU32 = AtomicU32::new(0);

/// Waits for one turn of the executor.
async fn turn() {
    let mut is_first = true;
    poll_fn(|context| {
        if !std::mem::take(&mut is_first) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

#[coframe::coroutine]
async fn count(turns: u32) {
    for _ in 0..turns {
        turn().await;
        SUM.fetch_add(1, Relaxed);
    }
}

fn main() {
    IS_FORBIDDEN.store(true, Relaxed);
    for index in 0..COUNT {
        if FRAMES.spawn(&EXECUTOR, count(index as u32 % 4)).is_err() {
            abort();
        }
    }
    let is_full = matches!(FRAMES.spawn(&EXECUTOR, count(0)), Err(PoolFull(_)));
    let in_use = FRAMES.in_use();
    while EXECUTOR.poll() {}
    IS_FORBIDDEN.store(false, Relaxed);
    assert!(is_full);
    assert_eq!(in_use, COUNT);
    assert_eq!(FRAMES.in_use(), 0);
    assert_eq!(SUM.load(Relaxed), (COUNT as u32 / 4) * 6);
    println!("{COUNT} frames of {} bytes, no allocation", frame_size!(count));
}
