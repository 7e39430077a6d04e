//! What starting a coroutine costs. Two of each kind differ in nothing but the size of their frames:
//! the buffer in them is never touched.

use core::hint::black_box;
use core::pin::pin;
use core::task::{Context, Poll, Waker};

use coframe::{Runtime, frame_size};

use super::step::{next, yield_now};

/// The size of the large buffers, in bytes.
const LARGE: usize = 64 * 1024;

/// A frame with a buffer for a case that never comes.
#[coframe::coroutine]
pub(super) async fn with_buffer<const N: usize>(number: u64) -> u64 {
    if number == u64::MAX {
        let mut buffer = [0u8; N];
        buffer[0] = black_box(1);
        yield_now().await;
        return black_box(&mut buffer).iter().map(|byte| u64::from(*byte)).sum();
    }
    yield_now().await;
    number.wrapping_add(next())
}

#[coframe::coroutine]
async fn call<const N: usize>(number: u64) -> u64 {
    let first = with_buffer::<N>(number).await;
    first.wrapping_add(with_buffer::<N>(number).await)
}

/// Starts and ends `n` tasks in one slot of a pool.
pub(super) fn spawn<const N: usize>(n: u64) -> u64 {
    const SIZE: usize = frame_size!(with_buffer::<LARGE>);
    let run = |io: coframe::Io| async move {
        let frames = io.frames::<SIZE>(1).expect("there is memory for one frame");
        let mut sum = 0u64;
        for _ in 0..n {
            let task = frames.try_spawn(with_buffer::<N>(black_box(1)));
            let task = task.unwrap_or_else(|_| panic!("the slot is free again"));
            sum = sum.wrapping_add(task.await.expect("it does not panic"));
        }
        sum
    };
    Runtime::new().expect("there is a driver").run(run)
}

/// As [`spawn`], with what waits for a slot if there is none.
pub(super) fn spawn_with<const N: usize>(n: u64) -> u64 {
    const SIZE: usize = frame_size!(with_buffer::<LARGE>);
    let run = |io: coframe::Io| async move {
        let frames = io.frames::<SIZE>(1).expect("there is memory for one frame");
        let mut sum = 0u64;
        for _ in 0..n {
            let task = frames.spawn_with(|| with_buffer::<N>(black_box(1))).await;
            let task = task.expect("the runtime goes on");
            sum = sum.wrapping_add(task.await.expect("it does not panic"));
        }
        sum
    };
    Runtime::new().expect("there is a driver").run(run)
}

/// Starts and ends `n` tasks in slots of the runtime's own pools.
pub(super) fn spawn_anywhere<const N: usize>(n: u64) -> u64 {
    let run = |io: coframe::Io| async move {
        let mut sum = 0u64;
        for _ in 0..n {
            let task = io.spawn(with_buffer::<N>(black_box(1)));
            sum = sum.wrapping_add(task.await.expect("it does not panic"));
        }
        sum
    };
    Runtime::new().expect("there is a driver").run(run)
}

/// Awaits `2 * n` callees.
pub(super) fn awaits<const N: usize>(n: u64) -> u64 {
    let mut sum = 0u64;
    for _ in 0..n {
        sum = sum.wrapping_add(finish(call::<N>(black_box(1))));
    }
    sum
}

/// Runs a future to its end where it is pinned.
#[inline]
fn finish<F: Future<Output = u64>>(future: F) -> u64 {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
}

/// Small frames.
pub(super) mod small {
    /// See [`super::spawn`].
    pub(crate) fn spawn(n: u64) -> u64 {
        super::spawn::<64>(n)
    }

    /// See [`super::spawn_with`].
    pub(crate) fn spawn_with(n: u64) -> u64 {
        super::spawn_with::<64>(n)
    }

    /// See [`super::spawn_anywhere`].
    pub(crate) fn spawn_anywhere(n: u64) -> u64 {
        super::spawn_anywhere::<64>(n)
    }

    /// See [`super::awaits`].
    pub(crate) fn awaits(n: u64) -> u64 {
        super::awaits::<64>(n)
    }
}

/// Large ones.
pub(super) mod large {
    /// See [`super::spawn`].
    pub(crate) fn spawn(n: u64) -> u64 {
        super::spawn::<{ super::LARGE }>(n)
    }

    /// See [`super::spawn_with`].
    pub(crate) fn spawn_with(n: u64) -> u64 {
        super::spawn_with::<{ super::LARGE }>(n)
    }

    /// See [`super::spawn_anywhere`].
    pub(crate) fn spawn_anywhere(n: u64) -> u64 {
        super::spawn_anywhere::<{ super::LARGE }>(n)
    }

    /// See [`super::awaits`].
    pub(crate) fn awaits(n: u64) -> u64 {
        super::awaits::<{ super::LARGE }>(n)
    }
}
