//! A coroutine that is resumed by hand, as a task.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};

use crate::{Coroutine, CoroutineState};

/// Resumes a coroutine once in each turn of the executor. Made by [`every_turn`].
#[derive(Debug)]
#[must_use = "a future does nothing unless it is awaited or spawned"]
pub struct Turns<C> {
    coroutine: C,
}

/// Makes a task of a coroutine that is resumed by hand: it is resumed once in each turn of the
/// executor, after all others that are ready. The executor is never idle before it ends.
///
/// ```
/// use coframe::executor::every_turn;
/// use coframe::{Executor, frame_pool};
/// use core::sync::atomic::{AtomicU32, Ordering};
///
/// static STEPS: AtomicU32 = AtomicU32::new(0);
///
/// #[coframe::coroutine]
/// fn steps(count: u32) {
///     for _ in 0..count {
///         STEPS.fetch_add(1, Ordering::Relaxed);
///         suspend!();
///     }
/// }
///
/// frame_pool! { static FRAMES: [steps; 1]; }
/// static EXECUTOR: Executor = Executor::new();
///
/// FRAMES.spawn(&EXECUTOR, every_turn(steps(3))).unwrap();
/// EXECUTOR.poll();
/// assert_eq!(STEPS.load(Ordering::Relaxed), 1);
/// while EXECUTOR.poll() {}
/// assert_eq!(STEPS.load(Ordering::Relaxed), 3);
/// ```
pub const fn every_turn<C: Coroutine<Yield = ()>>(coroutine: C) -> Turns<C> {
    Turns { coroutine }
}

impl<C: Coroutine<Yield = ()>> Future for Turns<C> {
    type Output = C::Return;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<C::Return> {
        // SAFETY:
        // - the coroutine is pinned as this is: nothing moves it out.
        let coroutine = unsafe { self.map_unchecked_mut(|turns| &mut turns.coroutine) };
        match coroutine.resume(()) {
            CoroutineState::Yielded(()) => {
                context.waker().wake_by_ref();
                Poll::Pending
            }
            CoroutineState::Complete(value) => Poll::Ready(value),
        }
    }
}
