//! Waiting until a descriptor is ready, and nothing else.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::io;
use std::os::fd::BorrowedFd;

use crate::driver::Interest;
use crate::op::{Flight, Home, Operation, Ticket};
use crate::sys::poll;

/// Waits until there is something to read, or the stream has ended. Made by
/// [`TcpStream::readable`](crate::net::TcpStream::readable).
///
/// Another reader may be faster: what follows can still find nothing. Dropping it is safe.
#[derive(Debug)]
#[must_use = "an operation does nothing unless it is awaited"]
pub struct Readable<'a>(Readiness<'a, false>);

/// Waits until there is room for bytes, or the peer has gone. Made by
/// [`TcpStream::writable`](crate::net::TcpStream::writable).
///
/// Another writer may be faster: what follows can still find no room. Dropping it is safe.
#[derive(Debug)]
#[must_use = "an operation does nothing unless it is awaited"]
pub struct Writable<'a>(Readiness<'a, true>);

#[derive(Debug)]
struct Readiness<'a, const FOR_WRITE: bool> {
    flight: Flight<'a>,
    socket: BorrowedFd<'a>,
}

impl<'a> Readable<'a> {
    pub(crate) const fn new(socket: BorrowedFd<'a>) -> Self {
        Readable(Readiness { flight: Flight::new(), socket })
    }
}

impl<'a> Writable<'a> {
    pub(crate) const fn new(socket: BorrowedFd<'a>) -> Self {
        Writable(Readiness { flight: Flight::new(), socket })
    }
}

impl<const FOR_WRITE: bool> Operation for Readiness<'_, FOR_WRITE> {
    const INTEREST: Interest = if FOR_WRITE { Interest::Write } else { Interest::Read };

    fn ticket(&self) -> &Ticket {
        &self.flight.ticket
    }

    fn descriptor(&self) -> BorrowedFd<'_> {
        self.socket
    }

    fn is_in(&self, _home: Home) -> bool {
        true
    }

    #[cfg(target_os = "linux")]
    fn prepare(&mut self) -> crate::sys::ring::Entry {
        crate::driver::poll_entry(self.socket, Self::INTEREST)
    }

    fn attempt(&mut self) -> io::Result<usize> {
        poll::is_ready(self.socket, FOR_WRITE).map(|()| 0)
    }
}

impl Future for Readable<'_> {
    type Output = io::Result<()>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        // SAFETY: the operation is pinned with the struct it is in.
        let operation = unsafe { self.map_unchecked_mut(|readable| &mut readable.0) };
        crate::op::poll(operation, context).map_ok(drop)
    }
}

impl Future for Writable<'_> {
    type Output = io::Result<()>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        // SAFETY: the operation is pinned with the struct it is in.
        let operation = unsafe { self.map_unchecked_mut(|writable| &mut writable.0) };
        crate::op::poll(operation, context).map_ok(drop)
    }
}
