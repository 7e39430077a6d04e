//! The interrupt signal, as a future.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::io;

use super::watch;
use crate::Io;

/// Waits for the next interrupt signal (Ctrl-C).
///
/// From the first poll on, the signal wakes those who wait instead of ending the process, for as
/// long as the process lives. A signal that comes between two of these futures is nobody's:
/// [`listen`](super::listen) counts them.
///
/// ```no_run
/// # async fn serve(io: coframe::Io) -> std::io::Result<()> {
/// coframe::signal::ctrl_c(io).await?;
/// println!("good bye");
/// # Ok(())
/// # }
/// ```
pub const fn ctrl_c(io: Io) -> CtrlC {
    CtrlC { io, before: None, place: 0 }
}

/// Waits for the next interrupt signal. Made by [`ctrl_c`].
///
/// Gives an error if the handler cannot be installed, or if the runtime has ended. Dropping it
/// before it is done is safe.
#[derive(Debug)]
#[must_use = "waiting for a signal does nothing unless it is awaited"]
pub struct CtrlC {
    io: Io,
    /// The number of signals before the wait.
    before: Option<u64>,
    /// The place among those who wait, or zero.
    place: u64,
}

const SIGNAL: usize = libc::SIGINT as usize;

impl Future for CtrlC {
    type Output = io::Result<()>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.io.check()?;
        let before = match self.before {
            Some(before) => before,
            None => *self.before.insert(watch::begin(SIGNAL)?),
        };
        // Wakers are cloned outside the lock: that may be anybody's code.
        match watch::next(SIGNAL, before, &mut self.place, context.waker().clone()) {
            Some(_) => Poll::Ready(Ok(())),
            None => Poll::Pending,
        }
    }
}

impl Drop for CtrlC {
    fn drop(&mut self) {
        if self.place != 0 {
            watch::leave(self.place);
        }
    }
}
