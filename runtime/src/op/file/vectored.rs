//! Several buffers in one call on a file.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::fs;
use std::io::{self, IoSlice, IoSliceMut};
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::Arc;

use super::copied::{Copied, Copyable};
use super::transfer::Transfer;
use crate::driver::Interest;
use crate::op::vectors::Vectors;
use crate::op::{Direct, Flight, Home, Operation, Ticket};

/// Reads into several buffers. Made by
/// [`File::read_vectored_at`](crate::fs::File::read_vectored_at) and
/// [`File::read_vectored`](crate::fs::File::read_vectored).
///
/// # Cancellation
///
/// As for [`ReadAt`](super::ReadAt).
#[derive(Debug)]
#[must_use = "an operation does nothing unless it is awaited"]
pub struct ReadVectoredAt<'a> {
    read: Copied<DirectVectored<'a, false>>,
}

/// Writes from several buffers. Made by
/// [`File::write_vectored_at`](crate::fs::File::write_vectored_at) and
/// [`File::write_vectored`](crate::fs::File::write_vectored).
///
/// # Cancellation
///
/// As for [`WriteAt`](super::WriteAt).
#[derive(Debug)]
#[must_use = "an operation does nothing unless it is awaited"]
pub struct WriteVectoredAt<'a> {
    write: Copied<DirectVectored<'a, true>>,
}

#[derive(Debug)]
struct DirectVectored<'a, const IS_WRITE: bool> {
    flight: Flight<'a>,
    vectors: Vectors<'a>,
    file: &'a Arc<fs::File>,
    offset: u64,
}

impl<'a, const IS_WRITE: bool> DirectVectored<'a, IS_WRITE> {
    const fn new(file: &'a Arc<fs::File>, vectors: Vectors<'a>, offset: u64) -> Self {
        DirectVectored { flight: Flight::new(), vectors, file, offset }
    }
}

impl<'a> ReadVectoredAt<'a> {
    pub(crate) fn new(
        file: &'a Arc<fs::File>,
        buffers: &'a mut [IoSliceMut<'_>],
        offset: u64,
    ) -> Self {
        let direct = DirectVectored::new(file, Vectors::to_fill(buffers), offset);
        ReadVectoredAt { read: Copied::new(direct) }
    }
}

impl<'a> WriteVectoredAt<'a> {
    pub(crate) fn new(file: &'a Arc<fs::File>, buffers: &'a [IoSlice<'_>], offset: u64) -> Self {
        let direct = DirectVectored::new(file, Vectors::to_send(buffers), offset);
        WriteVectoredAt { write: Copied::new(direct) }
    }
}

impl<const IS_WRITE: bool> Operation for DirectVectored<'_, IS_WRITE> {
    const INTEREST: Interest = if IS_WRITE { Interest::Write } else { Interest::Read };

    fn ticket(&self) -> &Ticket {
        &self.flight.ticket
    }

    fn descriptor(&self) -> BorrowedFd<'_> {
        self.file.as_fd()
    }

    fn is_in(&self, home: Home) -> bool {
        self.vectors.are_in(home)
    }

    #[cfg(target_os = "linux")]
    fn prepare(&mut self) -> crate::sys::ring::Entry {
        use crate::sys::ring::{Code, Entry};
        use std::os::fd::AsRawFd;
        let code = if IS_WRITE { Code::WriteVectored } else { Code::ReadVectored };
        let entry = Entry::new(code, self.file.as_raw_fd());
        entry.memory(self.vectors.start(), self.vectors.count() as u32).offset(self.offset)
    }

    fn attempt(&mut self) -> io::Result<usize> {
        unreachable!("a file is read and written by the kernel or by a thread")
    }
}

impl<const IS_WRITE: bool> Direct for DirectVectored<'_, IS_WRITE> {
    #[cfg(target_os = "linux")]
    const CODE: u8 = {
        use crate::sys::ring::Code;
        if IS_WRITE { Code::WriteVectored as u8 } else { Code::ReadVectored as u8 }
    };
}

impl Copyable for DirectVectored<'_, false> {
    fn copy(&self, transfer: &mut Transfer) {
        transfer.set_read(self.file, self.vectors.len(), self.offset);
    }

    fn end(&mut self, result: io::Result<usize>, copy: &Transfer) -> io::Result<usize> {
        let bytes = copy.bytes(result?);
        // SAFETY: the kernel was not given the buffers: there is a copy.
        unsafe { self.vectors.fill(bytes) };
        Ok(bytes.len())
    }
}

impl Copyable for DirectVectored<'_, true> {
    fn copy(&self, transfer: &mut Transfer) {
        self.vectors.gather(transfer.set_write(self.file, self.vectors.len(), self.offset));
    }

    fn end(&mut self, result: io::Result<usize>, _copy: &Transfer) -> io::Result<usize> {
        result
    }
}

impl Future for ReadVectoredAt<'_> {
    type Output = io::Result<usize>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        // SAFETY: what is inside is pinned with this.
        unsafe { self.map_unchecked_mut(|this| &mut this.read) }.poll(context)
    }
}

impl Future for WriteVectoredAt<'_> {
    type Output = io::Result<usize>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        // SAFETY: what is inside is pinned with this.
        unsafe { self.map_unchecked_mut(|this| &mut this.write) }.poll(context)
    }
}
