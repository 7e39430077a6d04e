//! Reading a file.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::fs;
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::Arc;

use super::copied::{Copied, Copyable};
use super::transfer::Transfer;
use crate::blocking::{Pending, Work};
use crate::driver::Interest;
use crate::op::buffer::Buffer;
use crate::op::{Direct, Flight, Home, Operation, Ticket};
use crate::sys::file;

/// Reads some bytes of a file. Made by [`File::read_at`](crate::fs::File::read_at) and
/// [`File::read`](crate::fs::File::read).
///
/// # Cancellation
///
/// Dropping it before it is done is safe. It is unknown then whether the place where the file stands
/// has moved.
#[derive(Debug)]
#[must_use = "an operation does nothing unless it is awaited"]
pub struct ReadAt<'a> {
    read: Copied<DirectRead<'a>>,
}

/// Reads into a buffer that it owns meanwhile. Made by
/// [`File::read_owned_at`](crate::fs::File::read_owned_at).
///
/// Gives the buffer back with the result. Dropping it before that is safe, and drops the buffer when
/// nobody uses it any more.
#[derive(Debug)]
#[must_use = "an operation does nothing unless it is awaited"]
pub struct ReadOwned {
    pending: Pending<OwnedRead>,
}

#[derive(Debug)]
struct DirectRead<'a> {
    flight: Flight<'a>,
    buffer: Buffer<'a>,
    file: &'a Arc<fs::File>,
    offset: u64,
}

#[derive(Debug)]
struct OwnedRead {
    file: Arc<fs::File>,
    buffer: Vec<u8>,
    offset: u64,
}

impl<'a> ReadAt<'a> {
    #[inline]
    pub(crate) fn new(file: &'a Arc<fs::File>, buffer: &'a mut [u8], offset: u64) -> Self {
        let (flight, buffer) = (Flight::new(), Buffer::new(buffer));
        ReadAt { read: Copied::new(DirectRead { flight, buffer, file, offset }) }
    }
}

impl ReadOwned {
    pub(crate) fn new(file: &Arc<fs::File>, buffer: Vec<u8>, offset: u64) -> Self {
        ReadOwned { pending: Pending::new(OwnedRead::new(file, buffer, offset)) }
    }
}

impl OwnedRead {
    fn new(file: &Arc<fs::File>, buffer: Vec<u8>, offset: u64) -> Self {
        OwnedRead { file: Arc::clone(file), buffer, offset }
    }
}

impl Operation for DirectRead<'_> {
    const INTEREST: Interest = Interest::Read;

    #[inline]
    fn ticket(&self) -> &Ticket {
        &self.flight.ticket
    }

    #[inline]
    fn descriptor(&self) -> BorrowedFd<'_> {
        self.file.as_fd()
    }

    #[inline]
    fn is_in(&self, home: Home) -> bool {
        home.has_some(self.buffer.addresses())
    }

    fn is_void(&self) -> bool {
        self.buffer.len() == 0
    }

    #[cfg(target_os = "linux")]
    #[inline]
    fn prepare(&mut self) -> crate::sys::ring::Entry {
        use crate::sys::ring::{Code, Entry};
        use std::os::fd::AsRawFd;
        let read = Entry::new(Code::Read, self.file.as_raw_fd());
        read.memory(self.buffer.start(), self.buffer.len()).offset(self.offset)
    }

    fn attempt(&mut self) -> io::Result<usize> {
        unreachable!("a file is read by the kernel or by a thread")
    }
}

impl Direct for DirectRead<'_> {
    #[cfg(target_os = "linux")]
    const CODE: u8 = crate::sys::ring::Code::Read as u8;
}

impl Copyable for DirectRead<'_> {
    fn copy(&self, transfer: &mut Transfer) {
        transfer.set_read(self.file, self.buffer.len() as usize, self.offset);
    }

    fn end(&mut self, result: io::Result<usize>, copy: &Transfer) -> io::Result<usize> {
        let count = result?;
        // SAFETY: the kernel was not given the buffer: there is a copy.
        let buffer = unsafe { self.buffer.bytes() };
        buffer[..count].copy_from_slice(copy.bytes(count));
        Ok(count)
    }
}

impl Work for OwnedRead {
    fn run(&mut self) -> io::Result<usize> {
        file::read(&self.file, &mut self.buffer, self.offset)
    }

    #[cfg(target_os = "linux")]
    fn entry(&mut self) -> Option<crate::sys::ring::Entry> {
        use crate::sys::ring::{Code, Entry};
        use std::os::fd::AsRawFd;
        let len = u32::try_from(self.buffer.len()).unwrap_or(u32::MAX);
        let read = Entry::new(Code::Read, self.file.as_raw_fd());
        Some(read.memory(self.buffer.as_mut_ptr(), len).offset(self.offset))
    }
}

impl Future for ReadAt<'_> {
    type Output = io::Result<usize>;

    #[inline(always)] // as `op::poll`
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        // SAFETY: what is inside is pinned with this.
        unsafe { self.map_unchecked_mut(|this| &mut this.read) }.poll(context)
    }
}

impl Future for ReadOwned {
    type Output = (io::Result<usize>, Vec<u8>);

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let end = |result, read: &mut OwnedRead| (result, core::mem::take(&mut read.buffer));
        let ended = self.pending.poll(context, end);
        ended.map(|ended| ended.unwrap_or_else(|error| (Err(error), Vec::new())))
    }
}
