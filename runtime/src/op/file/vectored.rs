//! Several buffers in one call on a file.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::fs;
use std::io::{self, IoSlice, IoSliceMut};
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::Arc;

use super::read::OwnedRead;
use super::write::OwnedWrite;
use super::{COPY_MAX, may_copy};
use crate::blocking::Pending;
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
    direct: DirectVectored<'a, false>,
    /// The read into a copy, if the kernel cannot have the buffers.
    copy: Option<Box<Pending<OwnedRead>>>,
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
    direct: DirectVectored<'a, true>,
    /// The write of a copy, if the kernel cannot have the bytes.
    copy: Option<Box<Pending<OwnedWrite>>>,
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
        ReadVectoredAt { direct, copy: None }
    }
}

impl<'a> WriteVectoredAt<'a> {
    pub(crate) fn new(file: &'a Arc<fs::File>, buffers: &'a [IoSlice<'_>], offset: u64) -> Self {
        let direct = DirectVectored::new(file, Vectors::to_send(buffers), offset);
        WriteVectoredAt { direct, copy: None }
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

impl Future for ReadVectoredAt<'_> {
    type Output = io::Result<usize>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        // SAFETY: the operation inside is pinned with this; the rest is not pinned.
        let ReadVectoredAt { direct, copy } = unsafe { self.get_unchecked_mut() };
        if copy.is_none() {
            // SAFETY: it is not moved.
            let operation = unsafe { Pin::new_unchecked(&mut *direct) };
            if let Some(poll) = crate::op::poll_direct(operation, context) {
                return poll;
            }
            may_copy()?;
        }
        let pending = copy.get_or_insert_with(|| {
            let buffer = vec![0; direct.vectors.len().min(COPY_MAX)];
            Box::new(Pending::new(OwnedRead::new(direct.file, buffer, direct.offset)))
        });
        let end = |result: io::Result<usize>, read: &mut OwnedRead| {
            let bytes = read.bytes(result?);
            // SAFETY: the kernel was not given the buffers: there is a copy.
            unsafe { direct.vectors.fill(bytes) };
            Ok(bytes.len())
        };
        pending.poll(context, end).map(|result| result?)
    }
}

impl Future for WriteVectoredAt<'_> {
    type Output = io::Result<usize>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        // SAFETY: the operation inside is pinned with this; the rest is not pinned.
        let WriteVectoredAt { direct, copy } = unsafe { self.get_unchecked_mut() };
        if copy.is_none() {
            // SAFETY: it is not moved.
            let operation = unsafe { Pin::new_unchecked(&mut *direct) };
            if let Some(poll) = crate::op::poll_direct(operation, context) {
                return poll;
            }
            may_copy()?;
        }
        let pending = copy.get_or_insert_with(|| {
            let buffer = direct.vectors.gather(COPY_MAX);
            Box::new(Pending::new(OwnedWrite::new(direct.file, buffer, direct.offset)))
        });
        pending.poll(context, |result, _| result).map(|result| result?)
    }
}
