//! Letting others run.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};

/// Lets other tasks run once. Made by [`Io::yield_now`](crate::Io::yield_now).
///
/// Dropping it is safe at any time.
#[derive(Debug)]
#[must_use = "a yield does nothing unless it is awaited"]
pub struct YieldNow {
    is_over: bool,
}

impl YieldNow {
    pub(crate) const fn new() -> Self {
        YieldNow { is_over: false }
    }
}

impl Future for YieldNow {
    type Output = ();

    #[inline]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if core::mem::replace(&mut self.is_over, true) {
            return Poll::Ready(());
        }
        super::waker::wake_by_reference(context.waker());
        Poll::Pending
    }
}
