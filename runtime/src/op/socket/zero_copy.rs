//! Giving bytes to a connection, which sends them from where they are.

use core::fmt;
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::io;
use std::os::fd::BorrowedFd;

use super::SendOwned;
#[cfg(target_os = "linux")]
use super::lent;
use crate::io::OwnedBytes;

/// Writes some bytes, which the kernel sends from where they are, if it can and they are many. Made by
/// [`TcpStream::write_zero_copy`](crate::net::TcpStream::write_zero_copy).
///
/// Gives the buffer back with the result, when the kernel needs it no more.
///
/// # Cancellation
///
/// Dropping it before it is done is safe, but then it is unknown how many of the bytes were written.
/// The buffer is dropped when the kernel needs it no more.
#[must_use = "an operation does nothing unless it is awaited"]
pub struct SendZeroCopy<'a, B: OwnedBytes> {
    socket: BorrowedFd<'a>,
    state: State<'a, B>,
}

enum State<'a, B: OwnedBytes> {
    /// Not polled yet.
    New(Option<B>),
    /// The kernel copies the bytes, as usual.
    Copied(SendOwned<'a, B>),
    /// The kernel sends them from where they are.
    #[cfg(target_os = "linux")]
    Shared(lent::Pending<B>),
}

impl<'a, B: OwnedBytes> SendZeroCopy<'a, B> {
    pub(crate) const fn new(socket: BorrowedFd<'a>, buffer: B) -> Self {
        SendZeroCopy { socket, state: State::New(Some(buffer)) }
    }

    /// Whether it has begun in the one way or the other.
    fn begin(&mut self) {
        let State::New(buffer) = &mut self.state else { return };
        let Some(buffer) = buffer.take() else { return };
        #[cfg(target_os = "linux")]
        let buffer = match lent::begin(self.socket, buffer) {
            Ok(pending) => {
                self.state = State::Shared(pending);
                return;
            }
            Err(buffer) => buffer,
        };
        self.state = State::Copied(SendOwned::new(self.socket, buffer));
    }
}

impl<B: OwnedBytes> Future for SendZeroCopy<'_, B> {
    type Output = (io::Result<usize>, B);

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        // SAFETY: an operation that was polled is not moved; what is replaced was not polled, or has
        // ended.
        let send = unsafe { self.get_unchecked_mut() };
        loop {
            match &mut send.state {
                State::New(_) => send.begin(),
                State::Copied(copied) => {
                    // SAFETY: it is pinned with this.
                    let copied = unsafe { Pin::new_unchecked(copied) };
                    return copied.poll(context);
                }
                #[cfg(target_os = "linux")]
                State::Shared(pending) => match lent::poll(pending, context) {
                    Poll::Pending => return Poll::Pending,
                    Poll::Ready((Err(error), buffer)) if lent::should_copy(&error) => {
                        send.state = State::Copied(SendOwned::new(send.socket, buffer));
                    }
                    Poll::Ready(ended) => return Poll::Ready(ended),
                },
            }
        }
    }
}

impl<B: OwnedBytes> fmt::Debug for SendZeroCopy<'_, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendZeroCopy").field("socket", &self.socket).finish_non_exhaustive()
    }
}
