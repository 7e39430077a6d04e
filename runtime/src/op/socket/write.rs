//! Giving bytes to a connection.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use std::io;
use std::os::fd::BorrowedFd;

use crate::driver::Interest;
use crate::op::buffer::addresses_of;
use crate::op::{Flight, Home, Operation, Ticket};
use crate::sys::socket;

/// Writes some bytes. Made by [`TcpStream::write`](crate::net::TcpStream::write).
///
/// # Cancellation
///
/// Dropping it before it is done is safe, but then it is unknown how many of the bytes were
/// written.
#[derive(Debug)]
#[must_use = "an operation does nothing unless it is awaited"]
pub struct Write<'a> {
    flight: Flight<'a>,
    bytes: &'a [u8],
    socket: BorrowedFd<'a>,
}

/// Writes all bytes. Made by [`TcpStream::write_all`](crate::net::TcpStream::write_all).
///
/// # Cancellation
///
/// Dropping it before it is done is safe, but then it is unknown how many of the bytes were
/// written.
#[derive(Debug)]
#[must_use = "an operation does nothing unless it is awaited"]
pub struct WriteAll<'a> {
    write: Write<'a>,
}

const _: () = assert!(size_of::<Write<'_>>() <= 32 && size_of::<WriteAll<'_>>() <= 32);

impl<'a> Write<'a> {
    #[inline]
    pub(crate) const fn new(socket: BorrowedFd<'a>, bytes: &'a [u8]) -> Self {
        Write { flight: Flight::new(), bytes, socket }
    }
}

impl<'a> WriteAll<'a> {
    #[inline]
    pub(crate) const fn new(socket: BorrowedFd<'a>, bytes: &'a [u8]) -> Self {
        // Of no bytes all are written already, without a call.
        let flight = if bytes.is_empty() { Flight::landed() } else { Flight::new() };
        WriteAll { write: Write { flight, bytes, socket } }
    }
}

impl Operation for Write<'_> {
    const INTEREST: Interest = Interest::Write;
    const MAY_BE_ATTEMPTED: bool = true;

    #[inline]
    fn ticket(&self) -> &Ticket {
        &self.flight.ticket
    }

    #[inline]
    fn descriptor(&self) -> BorrowedFd<'_> {
        self.socket
    }

    #[inline]
    fn is_in(&self, home: Home) -> bool {
        home.has_some(addresses_of(self.bytes))
    }

    fn is_void(&self) -> bool {
        self.bytes.is_empty()
    }

    #[inline]
    fn is_short(&self, count: usize) -> bool {
        count < self.bytes.len()
    }

    #[cfg(target_os = "linux")]
    #[inline]
    fn prepare(&mut self) -> crate::sys::ring::Entry {
        use crate::sys::ring::{Code, Entry};
        use std::os::fd::AsRawFd;
        // They lie in a slot, none of which is as large as that.
        debug_assert!(u32::try_from(self.bytes.len()).is_ok());
        let len = self.bytes.len() as u32;
        let send = Entry::new(Code::Send, self.socket.as_raw_fd());
        send.memory(self.bytes.as_ptr(), len).options(libc::MSG_NOSIGNAL as u32)
    }

    #[inline]
    fn attempt(&mut self) -> io::Result<usize> {
        socket::send(self.socket, self.bytes)
    }
}

impl Future for Write<'_> {
    type Output = io::Result<usize>;

    #[inline(always)] // as `op::poll`
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        crate::op::poll(self, context)
    }
}

impl Future for WriteAll<'_> {
    type Output = io::Result<()>;

    #[inline(always)] // as `op::poll`
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        // SAFETY: nothing is moved: the operation inside is pinned with this.
        let write = unsafe { &mut self.get_unchecked_mut().write };
        // SAFETY: the operation is pinned with the struct it is in.
        let operation = unsafe { Pin::new_unchecked(&mut *write) };
        let count = ready!(crate::op::poll(operation, context))?;
        if count == write.bytes.len() { Poll::Ready(Ok(())) } else { write.go_on(count, context) }
    }
}

impl Write<'_> {
    /// Writes what is left after the first `count` bytes.
    #[cold]
    fn go_on(&mut self, mut count: usize, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while count < self.bytes.len() {
            if count == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.bytes = &self.bytes[count..];
            self.flight.renew();
            // SAFETY: the caller has pinned the operation.
            let operation = unsafe { Pin::new_unchecked(&mut *self) };
            count = ready!(crate::op::poll_rarely(operation, context))?;
        }
        Poll::Ready(Ok(()))
    }
}
