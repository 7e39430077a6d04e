//! Taking descriptors from another process.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use std::io;
use std::os::fd::BorrowedFd;

use super::control::{Inbox, ReceivedFds};
use super::message;
use crate::driver::Interest;
use crate::op::buffer::Buffer;
use crate::op::{Flight, Home, Operation, Ticket};
use crate::sys::socket;

/// Receives bytes and descriptors. Made by
/// [`UnixStream::recv_fds`](crate::net::UnixStream::recv_fds).
///
/// # Cancellation
///
/// Dropping it before it is done is safe, but bytes that the kernel had already put into the buffer
/// are lost with it, and descriptors are closed. Only a ring does so.
#[derive(Debug)]
#[must_use = "an operation does nothing unless it is awaited"]
pub struct ReceiveFds<'a, const N: usize> {
    /// Dropped before what the kernel writes to.
    flight: Flight<'a>,
    buffer: Buffer<'a>,
    socket: BorrowedFd<'a>,
    inbox: Inbox<N>,
}

impl<'a, const N: usize> ReceiveFds<'a, N> {
    pub(crate) fn new(socket: BorrowedFd<'a>, buffer: &'a mut [u8]) -> Self {
        let (buffer, inbox) = (Buffer::new(buffer), Inbox::new());
        ReceiveFds { flight: Flight::new(), buffer, socket, inbox }
    }

    fn header(&mut self) -> &mut libc::msghdr {
        self.inbox.fill(self.buffer.start(), self.buffer.len() as usize)
    }
}

impl<const N: usize> Operation for ReceiveFds<'_, N> {
    const INTEREST: Interest = Interest::Read;

    fn ticket(&self) -> &Ticket {
        &self.flight.ticket
    }

    fn descriptor(&self) -> BorrowedFd<'_> {
        self.socket
    }

    fn is_in(&self, home: Home) -> bool {
        home.has(self.buffer.addresses())
    }

    #[cfg(target_os = "linux")]
    fn prepare(&mut self) -> crate::sys::ring::Entry {
        let socket = self.socket;
        message::receive_entry(socket, self.header(), socket::RECEIVE_FDS)
    }

    fn attempt(&mut self) -> io::Result<usize> {
        let socket = self.socket;
        // SAFETY: the buffer is borrowed exclusively and the rest is the operation's own, and no
        // attempt is made while the kernel has them.
        unsafe { message::receive(socket, self.header(), socket::RECEIVE_FDS) }
    }
}

impl<const N: usize> Future for ReceiveFds<'_, N> {
    type Output = io::Result<(usize, ReceivedFds<N>)>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let count = ready!(crate::op::poll(self.as_mut(), context))?;
        // SAFETY: nothing is moved.
        let inbox = unsafe { &mut self.get_unchecked_mut().inbox };
        Poll::Ready(Ok((count, inbox.take())))
    }
}
