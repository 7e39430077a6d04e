//! Several buffers in one call.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::io::{self, IoSlice, IoSliceMut};
use std::os::fd::BorrowedFd;

use super::message::{self, Message};
use crate::driver::Interest;
use crate::op::vectors::Vectors;
use crate::op::{Flight, Home, Operation, Ticket};

/// Reads into several buffers. Made by
/// [`TcpStream::read_vectored`](crate::net::TcpStream::read_vectored).
///
/// # Cancellation
///
/// As for [`Read`](super::Read).
#[derive(Debug)]
#[must_use = "an operation does nothing unless it is awaited"]
pub struct ReadVectored<'a> {
    flight: Flight<'a>,
    socket: BorrowedFd<'a>,
    vectors: Vectors<'a>,
    message: Message,
}

/// Writes from several buffers. Made by
/// [`TcpStream::write_vectored`](crate::net::TcpStream::write_vectored).
///
/// # Cancellation
///
/// As for [`Write`](super::Write).
#[derive(Debug)]
#[must_use = "an operation does nothing unless it is awaited"]
pub struct WriteVectored<'a> {
    flight: Flight<'a>,
    socket: BorrowedFd<'a>,
    vectors: Vectors<'a>,
    message: Message,
}

impl<'a> ReadVectored<'a> {
    pub(crate) fn new(socket: BorrowedFd<'a>, buffers: &'a mut [IoSliceMut<'_>]) -> Self {
        let vectors = Vectors::to_fill(buffers);
        ReadVectored { flight: Flight::new(), socket, vectors, message: Message::new() }
    }
}

impl<'a> WriteVectored<'a> {
    pub(crate) fn new(socket: BorrowedFd<'a>, buffers: &'a [IoSlice<'_>]) -> Self {
        let vectors = Vectors::to_send(buffers);
        WriteVectored { flight: Flight::new(), socket, vectors, message: Message::new() }
    }
}

impl Operation for ReadVectored<'_> {
    const INTEREST: Interest = Interest::Read;

    fn ticket(&self) -> &Ticket {
        &self.flight.ticket
    }

    fn descriptor(&self) -> BorrowedFd<'_> {
        self.socket
    }

    fn is_in(&self, home: Home) -> bool {
        self.vectors.are_in(home)
    }

    fn is_short(&self, count: usize) -> bool {
        count != 0 && count < self.vectors.len()
    }

    #[cfg(target_os = "linux")]
    fn prepare(&mut self) -> crate::sys::ring::Entry {
        let header = self.message.with_buffers(self.vectors.start(), self.vectors.count());
        message::receive_entry(self.socket, header, 0)
    }

    fn attempt(&mut self) -> io::Result<usize> {
        let header = self.message.with_buffers(self.vectors.start(), self.vectors.count());
        // SAFETY: the buffers are borrowed exclusively, and no attempt is made while the kernel has
        // them.
        unsafe { message::receive(self.socket, header, 0) }
    }
}

impl Operation for WriteVectored<'_> {
    const INTEREST: Interest = Interest::Write;

    fn ticket(&self) -> &Ticket {
        &self.flight.ticket
    }

    fn descriptor(&self) -> BorrowedFd<'_> {
        self.socket
    }

    fn is_in(&self, home: Home) -> bool {
        self.vectors.are_in(home)
    }

    fn is_short(&self, count: usize) -> bool {
        count < self.vectors.len()
    }

    #[cfg(target_os = "linux")]
    fn prepare(&mut self) -> crate::sys::ring::Entry {
        let header = self.message.with_buffers(self.vectors.start(), self.vectors.count());
        message::send_entry(self.socket, header, message::STREAM)
    }

    fn attempt(&mut self) -> io::Result<usize> {
        let header = self.message.with_buffers(self.vectors.start(), self.vectors.count());
        // SAFETY: the buffers are borrowed.
        unsafe { message::send(self.socket, header) }
    }
}

impl Future for ReadVectored<'_> {
    type Output = io::Result<usize>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        crate::op::poll(self, context)
    }
}

impl Future for WriteVectored<'_> {
    type Output = io::Result<usize>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        crate::op::poll(self, context)
    }
}
