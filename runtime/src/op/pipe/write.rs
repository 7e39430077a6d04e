//! Giving bytes to a pipe.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::io;
use std::os::fd::BorrowedFd;

use crate::driver::Interest;
use crate::op::buffer::addresses_of;
use crate::op::{Flight, Home, Operation, Ticket};
use crate::sys::pipe;

/// Writes some bytes. Made by [`PipeWriter::write`](crate::io::PipeWriter::write).
///
/// # Cancellation
///
/// Dropping it before it is done is safe, but then it is unknown how many of the bytes were
/// written.
#[derive(Debug)]
#[must_use = "an operation does nothing unless it is awaited"]
pub struct WritePipe<'a> {
    flight: Flight<'a>,
    bytes: &'a [u8],
    pipe: BorrowedFd<'a>,
}

impl<'a> WritePipe<'a> {
    pub(crate) const fn new(pipe: BorrowedFd<'a>, bytes: &'a [u8]) -> Self {
        WritePipe { flight: Flight::new(), bytes, pipe }
    }
}

impl Operation for WritePipe<'_> {
    const INTEREST: Interest = Interest::Write;

    fn ticket(&self) -> &Ticket {
        &self.flight.ticket
    }

    fn descriptor(&self) -> BorrowedFd<'_> {
        self.pipe
    }

    fn is_in(&self, home: Home) -> bool {
        home.has(addresses_of(self.bytes))
    }

    #[cfg(target_os = "linux")]
    fn prepare(&mut self) -> crate::sys::ring::Entry {
        use crate::sys::ring::{Code, Entry};
        use std::os::fd::AsRawFd;
        let len = u32::try_from(self.bytes.len()).unwrap_or(u32::MAX);
        let write = Entry::new(Code::Write, self.pipe.as_raw_fd());
        write.memory(self.bytes.as_ptr(), len).offset(crate::sys::file::HERE)
    }

    fn attempt(&mut self) -> io::Result<usize> {
        pipe::write(self.pipe, self.bytes)
    }
}

impl Future for WritePipe<'_> {
    type Output = io::Result<usize>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        crate::op::poll(self, context)
    }
}
