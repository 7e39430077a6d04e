//! Taking bytes from a connection.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::io;
use std::os::fd::BorrowedFd;

use crate::driver::Interest;
use crate::op::buffer::Buffer;
use crate::op::{Flight, Home, Operation, Ticket};
use crate::sys::socket;

/// Reads some bytes. Made by [`TcpStream::read`](crate::net::TcpStream::read).
///
/// # Cancellation
///
/// Dropping it before it is done is safe, but bytes that the kernel had already put into the
/// buffer are lost with it. Only a ring does so.
#[derive(Debug)]
#[must_use = "an operation does nothing unless it is awaited"]
pub struct Read<'a> {
    flight: Flight<'a>,
    buffer: Buffer<'a>,
    socket: BorrowedFd<'a>,
}

#[cfg(target_pointer_width = "64")]
const _: () = assert!(size_of::<Read<'_>>() == 24);

impl<'a> Read<'a> {
    #[inline]
    pub(crate) fn new(socket: BorrowedFd<'a>, buffer: &'a mut [u8]) -> Self {
        Read { flight: Flight::new(), buffer: Buffer::new(buffer), socket }
    }
}

/// The submission entry that takes bytes from a socket.
#[cfg(target_os = "linux")]
#[inline]
pub(super) fn receive_entry(
    socket: BorrowedFd<'_>,
    buffer: &Buffer<'_>,
    flags: i32,
) -> crate::sys::ring::Entry {
    use crate::sys::ring::{Code, Entry};
    use std::os::fd::AsRawFd;
    let receive = Entry::new(Code::Receive, socket.as_raw_fd());
    receive.memory(buffer.start(), buffer.len()).options(flags as u32)
}

impl Operation for Read<'_> {
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

    fn is_short(&self, count: usize) -> bool {
        count != 0 && count < self.buffer.len() as usize
    }

    #[cfg(target_os = "linux")]
    fn prepare(&mut self) -> crate::sys::ring::Entry {
        receive_entry(self.socket, &self.buffer, 0)
    }

    #[inline]
    fn attempt(&mut self) -> io::Result<usize> {
        // SAFETY: an attempt is made before the kernel gets the buffer, or after its completion
        // came: `poll` makes none while the ticket is pending.
        let buffer = unsafe { self.buffer.bytes() };
        socket::receive(self.socket, buffer)
    }
}

impl Future for Read<'_> {
    type Output = io::Result<usize>;

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        crate::op::poll(self, context)
    }
}
