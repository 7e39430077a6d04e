//! The work of one resume, and what suspends.

use core::pin::Pin;
use core::sync::atomic::{AtomicU64, Ordering};
use core::task::{Context, Poll};

static STEP: AtomicU64 = AtomicU64::new(1);

/// The next number: one load that the compiler cannot leave out.
#[inline(always)]
pub(super) fn next() -> u64 {
    STEP.load(Ordering::Relaxed)
}

/// Suspends once, and is resumed by who polls again. One byte, and no waker in it.
pub(super) struct Once(bool);

/// Suspends once.
#[inline]
pub(super) const fn once() -> Once {
    Once(false)
}

impl Future for Once {
    type Output = ();

    #[inline]
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        match core::mem::replace(&mut self.0, true) {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    }
}

/// Suspends once, and wakes its task at once.
pub(super) struct Yield(bool);

/// Suspends once, and wakes its task at once.
#[inline]
pub(super) const fn yield_now() -> Yield {
    Yield(false)
}

impl Future for Yield {
    type Output = ();

    #[inline]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        match core::mem::replace(&mut self.0, true) {
            true => Poll::Ready(()),
            false => {
                context.waker().wake_by_ref();
                Poll::Pending
            }
        }
    }
}
