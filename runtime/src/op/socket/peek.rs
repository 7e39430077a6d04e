//! Looking at bytes that have arrived.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::io;
use std::os::fd::BorrowedFd;

use crate::driver::Interest;
use crate::op::buffer::Buffer;
use crate::op::{Flight, Home, Operation, Ticket};
use crate::sys::socket;

/// Copies bytes that a later read will give. Made by
/// [`TcpStream::peek`](crate::net::TcpStream::peek).
///
/// # Cancellation
///
/// Dropping it before it is done is safe, and nothing is lost.
#[derive(Debug)]
#[must_use = "an operation does nothing unless it is awaited"]
pub struct Peek<'a> {
    flight: Flight<'a>,
    buffer: Buffer<'a>,
    socket: BorrowedFd<'a>,
}

impl<'a> Peek<'a> {
    pub(crate) fn new(socket: BorrowedFd<'a>, buffer: &'a mut [u8]) -> Self {
        Peek { flight: Flight::new(), buffer: Buffer::new(buffer), socket }
    }
}

impl Operation for Peek<'_> {
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
        super::read::receive_entry(self.socket, &self.buffer, libc::MSG_PEEK)
    }

    fn attempt(&mut self) -> io::Result<usize> {
        // SAFETY: an attempt is made before the kernel gets the buffer, or after its completion.
        let buffer = unsafe { self.buffer.bytes() };
        socket::peek(self.socket, buffer)
    }
}

impl Future for Peek<'_> {
    type Output = io::Result<usize>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        crate::op::poll(self, context)
    }
}
