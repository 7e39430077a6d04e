//! Taking bytes from a pipe.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::io;
use std::os::fd::BorrowedFd;

use crate::driver::Interest;
use crate::op::buffer::Buffer;
use crate::op::{Flight, Home, Operation, Ticket};
use crate::sys::pipe;

/// Reads some bytes. Made by [`PipeReader::read`](crate::io::PipeReader::read).
///
/// # Cancellation
///
/// Dropping it before it is done is safe, but bytes that the kernel had already put into the
/// buffer are lost with it. Only a ring does so.
#[derive(Debug)]
#[must_use = "an operation does nothing unless it is awaited"]
pub struct ReadPipe<'a> {
    flight: Flight<'a>,
    buffer: Buffer<'a>,
    pipe: BorrowedFd<'a>,
}

impl<'a> ReadPipe<'a> {
    pub(crate) fn new(pipe: BorrowedFd<'a>, buffer: &'a mut [u8]) -> Self {
        ReadPipe { flight: Flight::new(), buffer: Buffer::new(buffer), pipe }
    }
}

impl Operation for ReadPipe<'_> {
    const INTEREST: Interest = Interest::Read;

    fn ticket(&self) -> &Ticket {
        &self.flight.ticket
    }

    fn descriptor(&self) -> BorrowedFd<'_> {
        self.pipe
    }

    fn is_in(&self, home: Home) -> bool {
        home.has(self.buffer.addresses())
    }

    #[cfg(target_os = "linux")]
    fn prepare(&mut self) -> crate::sys::ring::Entry {
        use crate::sys::ring::{Code, Entry};
        use std::os::fd::AsRawFd;
        let read = Entry::new(Code::Read, self.pipe.as_raw_fd());
        read.memory(self.buffer.start(), self.buffer.len()).offset(crate::sys::file::HERE)
    }

    fn attempt(&mut self) -> io::Result<usize> {
        // SAFETY: an attempt is made before the kernel gets the buffer, or after its completion.
        let buffer = unsafe { self.buffer.bytes() };
        pipe::read(self.pipe, buffer)
    }
}

impl Future for ReadPipe<'_> {
    type Output = io::Result<usize>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        crate::op::poll(self, context)
    }
}
