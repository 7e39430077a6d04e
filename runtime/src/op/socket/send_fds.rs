//! Giving descriptors to another process.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::io;
use std::os::fd::BorrowedFd;

use super::control::Outbox;
use super::message;
use crate::driver::Interest;
use crate::op::buffer::addresses_of;
use crate::op::{Flight, Home, Operation, Ticket};

/// Sends bytes, and descriptors with the first of them. Made by
/// [`UnixStream::send_fds`](crate::net::UnixStream::send_fds).
///
/// # Cancellation
///
/// Dropping it before it is done is safe, but then it is unknown whether the descriptors were sent.
#[derive(Debug)]
#[must_use = "an operation does nothing unless it is awaited"]
pub struct SendFds<'a, const N: usize> {
    flight: Flight<'a>,
    bytes: &'a [u8],
    socket: BorrowedFd<'a>,
    fds: [BorrowedFd<'a>; N],
    outbox: Outbox<N>,
    is_stream: bool,
}

impl<'a, const N: usize> SendFds<'a, N> {
    pub(crate) const fn new(
        socket: BorrowedFd<'a>,
        bytes: &'a [u8],
        fds: [BorrowedFd<'a>; N],
        is_stream: bool,
    ) -> Self {
        SendFds { flight: Flight::new(), bytes, socket, fds, outbox: Outbox::new(), is_stream }
    }
}

impl<const N: usize> Operation for SendFds<'_, N> {
    const INTEREST: Interest = Interest::Write;

    fn ticket(&self) -> &Ticket {
        &self.flight.ticket
    }

    fn descriptor(&self) -> BorrowedFd<'_> {
        self.socket
    }

    fn is_in(&self, home: Home) -> bool {
        home.has(addresses_of(self.bytes))
    }

    #[cfg(target_os = "linux")]
    fn prepare(&mut self) -> crate::sys::ring::Entry {
        let flags = if self.is_stream { message::STREAM } else { message::DATAGRAM };
        message::send_entry(self.socket, self.outbox.fill(self.bytes, &self.fds), flags)
    }

    fn attempt(&mut self) -> io::Result<usize> {
        // SAFETY: the bytes are borrowed, and the rest is the operation's own.
        unsafe { message::send(self.socket, self.outbox.fill(self.bytes, &self.fds)) }
    }
}

impl<const N: usize> Future for SendFds<'_, N> {
    type Output = io::Result<usize>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        // Without a byte a stream would leave the descriptors behind.
        if self.is_stream && N > 0 && self.bytes.is_empty() {
            let text = "descriptors need a byte to go with";
            return Poll::Ready(Err(io::Error::new(io::ErrorKind::InvalidInput, text)));
        }
        crate::op::poll(self, context)
    }
}
