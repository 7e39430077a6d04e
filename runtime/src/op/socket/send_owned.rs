//! Giving bytes to a connection that the operation owns.

use core::fmt;
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use std::io;
use std::os::fd::BorrowedFd;

use crate::driver::Interest;
use crate::io::OwnedBytes;
use crate::op::{Flight, Home, Operation, Ticket};
use crate::sys::socket;

/// Writes some bytes of a buffer that it owns meanwhile. Made by
/// [`TcpStream::write_owned`](crate::net::TcpStream::write_owned).
///
/// Gives the buffer back with the result.
///
/// # Cancellation
///
/// As for [`Write`](super::Write); the buffer is dropped with it.
#[must_use = "an operation does nothing unless it is awaited"]
pub struct SendOwned<'a, B> {
    /// Dropped before the buffer: then the kernel has let go of that.
    flight: Flight<'a>,
    socket: BorrowedFd<'a>,
    /// What was sent already.
    done: usize,
    /// There until the result is given.
    buffer: Option<B>,
}

/// Writes all bytes of a buffer that it owns meanwhile. Made by
/// [`TcpStream::write_all_owned`](crate::net::TcpStream::write_all_owned).
///
/// Gives the buffer back with the result.
///
/// # Cancellation
///
/// As for [`WriteAll`](super::WriteAll); the buffer is dropped with it.
#[derive(Debug)]
#[must_use = "an operation does nothing unless it is awaited"]
pub struct SendAllOwned<'a, B> {
    send: SendOwned<'a, B>,
}

impl<'a, B> SendOwned<'a, B> {
    pub(crate) const fn new(socket: BorrowedFd<'a>, buffer: B) -> Self {
        SendOwned { flight: Flight::new(), socket, done: 0, buffer: Some(buffer) }
    }
}

impl<'a, B> SendAllOwned<'a, B> {
    pub(crate) const fn new(socket: BorrowedFd<'a>, buffer: B) -> Self {
        SendAllOwned { send: SendOwned::new(socket, buffer) }
    }
}

impl<B: OwnedBytes> SendOwned<'_, B> {
    /// What was not sent yet.
    fn rest(&self) -> &[u8] {
        self.buffer.as_ref().map_or(&[], |buffer| &buffer.bytes()[self.done..])
    }

    fn finish(&mut self, result: io::Result<usize>) -> (io::Result<usize>, B) {
        (result, self.buffer.take().expect("polled after it gave its result"))
    }
}

impl<B: OwnedBytes> Operation for SendOwned<'_, B> {
    const INTEREST: Interest = Interest::Write;

    fn ticket(&self) -> &Ticket {
        &self.flight.ticket
    }

    fn descriptor(&self) -> BorrowedFd<'_> {
        self.socket
    }

    fn is_in(&self, _home: Home) -> bool {
        true // It owns the buffer, which lies elsewhere: `Sealed`.
    }

    fn is_short(&self, count: usize) -> bool {
        count < self.rest().len()
    }

    #[cfg(target_os = "linux")]
    fn prepare(&mut self) -> crate::sys::ring::Entry {
        use crate::sys::ring::{Code, Entry};
        use std::os::fd::AsRawFd;
        let bytes = self.rest();
        let len = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        let send = Entry::new(Code::Send, self.socket.as_raw_fd());
        send.memory(bytes.as_ptr(), len).options(libc::MSG_NOSIGNAL as u32)
    }

    fn attempt(&mut self) -> io::Result<usize> {
        let bytes = self.rest();
        socket::send(self.socket, &bytes[..bytes.len().min(u32::MAX as usize)])
    }
}

impl<B: OwnedBytes> Future for SendOwned<'_, B> {
    type Output = (io::Result<usize>, B);

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let result = ready!(crate::op::poll(self.as_mut(), context));
        // SAFETY: the operation is not moved; the buffer is not pinned, and is the kernel's no more.
        Poll::Ready(unsafe { self.get_unchecked_mut() }.finish(result))
    }
}

impl<B: OwnedBytes> Future for SendAllOwned<'_, B> {
    type Output = (io::Result<()>, B);

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        // SAFETY: nothing is moved: the operation inside is pinned with this.
        let send = unsafe { &mut self.get_unchecked_mut().send };
        let mut result = Ok(0);
        while !send.rest().is_empty() {
            // SAFETY: the operation is pinned with the struct it is in.
            result = ready!(crate::op::poll(unsafe { Pin::new_unchecked(&mut *send) }, context));
            match result {
                Ok(0) => result = Err(io::ErrorKind::WriteZero.into()),
                Ok(count) => {
                    send.done += count;
                    if !send.rest().is_empty() {
                        send.flight.renew();
                    }
                    continue;
                }
                Err(_) => (),
            }
            break;
        }
        let (result, buffer) = send.finish(result);
        Poll::Ready((result.map(drop), buffer))
    }
}

impl<B> fmt::Debug for SendOwned<'_, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendOwned").field("socket", &self.socket).finish_non_exhaustive()
    }
}
