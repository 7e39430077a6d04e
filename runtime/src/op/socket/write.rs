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
        WriteAll { write: Write::new(socket, bytes) }
    }
}

impl Operation for Write<'_> {
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

    fn is_short(&self, count: usize) -> bool {
        count < self.bytes.len()
    }

    #[cfg(target_os = "linux")]
    fn prepare(&mut self) -> crate::sys::ring::Entry {
        use crate::sys::ring::{Code, Entry};
        use std::os::fd::AsRawFd;
        let len = u32::try_from(self.bytes.len()).unwrap_or(u32::MAX);
        let send = Entry::new(Code::Send, self.socket.as_raw_fd());
        send.memory(self.bytes.as_ptr(), len).options(libc::MSG_NOSIGNAL as u32)
    }

    #[inline]
    fn attempt(&mut self) -> io::Result<usize> {
        let len = self.bytes.len().min(u32::MAX as usize);
        socket::send(self.socket, &self.bytes[..len])
    }
}

impl Future for Write<'_> {
    type Output = io::Result<usize>;

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        crate::op::poll(self, context)
    }
}

impl Future for WriteAll<'_> {
    type Output = io::Result<()>;

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        // SAFETY: nothing is moved: the operation inside is pinned with this.
        let write = unsafe { &mut self.get_unchecked_mut().write };
        while !write.bytes.is_empty() {
            // SAFETY: the operation is pinned with the struct it is in.
            let count =
                ready!(crate::op::poll(unsafe { Pin::new_unchecked(&mut *write) }, context))?;
            if count == write.bytes.len() {
                break;
            }
            if count == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            write.bytes = &write.bytes[count..];
            write.flight.ticket.renew();
        }
        Poll::Ready(Ok(()))
    }
}
