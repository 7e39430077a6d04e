//! Making a file longer or shorter.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::fs;
use std::io;
use std::sync::Arc;

use super::may_copy;
use super::plain::Plain;
use crate::blocking::{Pending, Work};

/// Sets the length of a file. Made by [`File::set_len`](crate::fs::File::set_len).
///
/// Dropping it before it is done is safe; the length is changed or it is not.
#[derive(Debug)]
#[must_use = "an operation does nothing unless it is awaited"]
pub struct SetLen<'a> {
    direct: Plain<'a, true>,
    len: u64,
    /// The work of a thread, or of a kernel that cannot find the task.
    pending: Option<Pending<Resizing>>,
}

#[derive(Debug)]
struct Resizing {
    file: Arc<fs::File>,
    len: u64,
}

impl<'a> SetLen<'a> {
    pub(crate) const fn new(file: &'a Arc<fs::File>, len: u64) -> Self {
        SetLen { direct: Plain::resize(file, len), len, pending: None }
    }
}

impl Work for Resizing {
    fn run(&mut self) -> io::Result<usize> {
        self.file.set_len(self.len)?;
        Ok(0)
    }

    #[cfg(target_os = "linux")]
    fn entry(&mut self) -> Option<crate::sys::ring::Entry> {
        use crate::sys::ring::{Code, Entry};
        use std::os::fd::AsRawFd;
        Some(Entry::new(Code::Truncate, self.file.as_raw_fd()).offset(self.len))
    }
}

impl Future for SetLen<'_> {
    type Output = io::Result<()>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        // SAFETY: the operation inside is pinned with this; the rest is not pinned.
        let SetLen { direct, len, pending } = unsafe { self.get_unchecked_mut() };
        if pending.is_none()
            && let Err(no_room) = may_copy()
        {
            // Without memory for a unit. Whoever drops it waits for the kernel then.
            // SAFETY: it is not moved.
            let operation = unsafe { Pin::new_unchecked(&mut *direct) };
            return match crate::op::poll_direct(operation, context) {
                Some(poll) => poll.map_ok(drop),
                None => Poll::Ready(Err(no_room)),
            };
        }
        let pending = pending.get_or_insert_with(|| {
            Pending::new(Resizing { file: Arc::clone(direct.file), len: *len })
        });
        pending.poll(context, |result, _| result.map(drop)).map(|result| result?)
    }
}
