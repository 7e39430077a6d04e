//! Runs one future on this thread.

use core::future::{Future, IntoFuture};
use core::pin::pin;
use core::task::{Context, Poll, Waker};
use std::sync::Arc;
use std::task::Wake;
use std::thread::{self, Thread};

/// Wakes the thread that waits in [`block_on`].
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.0.unpark();
    }
}

/// Runs one future or coroutine to its end on this thread, and gives its value.
///
/// The thread sleeps while the future is suspended. This needs no runtime: use it for futures that
/// something else wakes, or that never wait. It allocates once, for the waker.
///
/// ```
/// #[coframe::coroutine]
/// async fn twice(x: u32) -> u32 {
///     let y = core::future::ready(x).await;
///     x + y
/// }
/// assert_eq!(coframe::block_on(twice(21)), 42);
/// ```
pub fn block_on<F: IntoFuture>(future: F) -> F::Output {
    let mut future = pin!(future.into_future());
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(value) => return value,
            Poll::Pending => thread::park(),
        }
    }
}
