//! Writing a file.

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
use crate::op::buffer::addresses_of;
use crate::op::{Direct, Flight, Home, Operation, Ticket};
use crate::sys::file;

/// Writes some bytes to a file. Made by [`File::write_at`](crate::fs::File::write_at) and
/// [`File::write`](crate::fs::File::write).
///
/// # Cancellation
///
/// Dropping it before it is done is safe. It is unknown then how many of the bytes were written, and
/// those that are handed over already may be written a moment later.
#[derive(Debug)]
#[must_use = "an operation does nothing unless it is awaited"]
pub struct WriteAt<'a> {
    write: Copied<DirectWrite<'a>>,
}

/// Writes a buffer that it owns meanwhile. Made by
/// [`File::write_owned_at`](crate::fs::File::write_owned_at).
///
/// Gives the buffer back with the result. Dropping it before that is safe, and drops the buffer when
/// nobody uses it any more.
#[derive(Debug)]
#[must_use = "an operation does nothing unless it is awaited"]
pub struct WriteOwned {
    pending: Pending<OwnedWrite>,
}

#[derive(Debug)]
struct DirectWrite<'a> {
    flight: Flight<'a>,
    bytes: &'a [u8],
    file: &'a Arc<fs::File>,
    offset: u64,
}

#[derive(Debug)]
struct OwnedWrite {
    file: Arc<fs::File>,
    buffer: Vec<u8>,
    offset: u64,
}

impl<'a> WriteAt<'a> {
    #[inline]
    pub(crate) fn new(file: &'a Arc<fs::File>, bytes: &'a [u8], offset: u64) -> Self {
        let flight = Flight::new();
        WriteAt { write: Copied::new(DirectWrite { flight, bytes, file, offset }) }
    }
}

impl WriteOwned {
    pub(crate) fn new(file: &Arc<fs::File>, buffer: Vec<u8>, offset: u64) -> Self {
        WriteOwned { pending: Pending::new(OwnedWrite::new(file, buffer, offset)) }
    }
}

impl OwnedWrite {
    fn new(file: &Arc<fs::File>, buffer: Vec<u8>, offset: u64) -> Self {
        OwnedWrite { file: Arc::clone(file), buffer, offset }
    }
}

impl Operation for DirectWrite<'_> {
    const INTEREST: Interest = Interest::Write;

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
        home.has_some(addresses_of(self.bytes))
    }

    fn is_void(&self) -> bool {
        self.bytes.is_empty()
    }

    #[cfg(target_os = "linux")]
    #[inline]
    fn prepare(&mut self) -> crate::sys::ring::Entry {
        use crate::sys::ring::{Code, Entry};
        use std::os::fd::AsRawFd;
        let len = u32::try_from(self.bytes.len()).unwrap_or(u32::MAX);
        let write = Entry::new(Code::Write, self.file.as_raw_fd());
        write.memory(self.bytes.as_ptr(), len).offset(self.offset)
    }

    fn attempt(&mut self) -> io::Result<usize> {
        unreachable!("a file is written by the kernel or by a thread")
    }
}

impl Direct for DirectWrite<'_> {
    #[cfg(target_os = "linux")]
    const CODE: u8 = crate::sys::ring::Code::Write as u8;
}

impl Copyable for DirectWrite<'_> {
    fn copy(&self, transfer: &mut Transfer) {
        let place = transfer.set_write(self.file, self.bytes.len(), self.offset);
        place.copy_from_slice(&self.bytes[..place.len()]);
    }

    fn end(&mut self, result: io::Result<usize>, _copy: &Transfer) -> io::Result<usize> {
        result
    }
}

impl Work for OwnedWrite {
    fn run(&mut self) -> io::Result<usize> {
        file::write(&self.file, &self.buffer, self.offset)
    }

    #[cfg(target_os = "linux")]
    fn entry(&mut self) -> Option<crate::sys::ring::Entry> {
        use crate::sys::ring::{Code, Entry};
        use std::os::fd::AsRawFd;
        let len = u32::try_from(self.buffer.len()).unwrap_or(u32::MAX);
        let write = Entry::new(Code::Write, self.file.as_raw_fd());
        Some(write.memory(self.buffer.as_ptr(), len).offset(self.offset))
    }
}

impl Future for WriteAt<'_> {
    type Output = io::Result<usize>;

    #[inline(always)] // as `op::poll`
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        // SAFETY: what is inside is pinned with this.
        unsafe { self.map_unchecked_mut(|this| &mut this.write) }.poll(context)
    }
}

impl Future for WriteOwned {
    type Output = (io::Result<usize>, Vec<u8>);

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let end = |result, write: &mut OwnedWrite| (result, core::mem::take(&mut write.buffer));
        let ended = self.pending.poll(context, end);
        ended.map(|ended| ended.unwrap_or_else(|error| (Err(error), Vec::new())))
    }
}
