//! Bringing a file to the disk.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::fs;
use std::io;
use std::sync::Arc;

use super::may_copy;
use super::plain::Plain;
use crate::blocking::{Pending, Work};

/// Waits until what was written is on the disk. Made by
/// [`File::sync_all`](crate::fs::File::sync_all) and
/// [`File::sync_data`](crate::fs::File::sync_data).
///
/// Dropping it before it is done is safe.
#[derive(Debug)]
#[must_use = "an operation does nothing unless it is awaited"]
pub struct SyncFile<'a> {
    direct: Plain<'a, false>,
    /// Without what readers do not need, as the time of the last change.
    only_data: bool,
    /// The work of a thread, or of a kernel that cannot find the task.
    pending: Option<Pending<Syncing>>,
}

#[derive(Debug)]
struct Syncing {
    file: Arc<fs::File>,
    only_data: bool,
}

impl<'a> SyncFile<'a> {
    pub(crate) const fn new(file: &'a Arc<fs::File>, only_data: bool) -> Self {
        SyncFile { direct: Plain::sync(file, options(only_data)), only_data, pending: None }
    }
}

#[cfg(target_os = "linux")]
const fn options(only_data: bool) -> u32 {
    if only_data { crate::sys::ring::SYNC_ONLY_DATA } else { 0 }
}

#[cfg(not(target_os = "linux"))]
const fn options(_only_data: bool) -> u32 {
    0
}

impl Work for Syncing {
    fn run(&mut self) -> io::Result<usize> {
        if self.only_data {
            self.file.sync_data()?
        } else {
            self.file.sync_all()?
        }
        Ok(0)
    }

    #[cfg(target_os = "linux")]
    fn entry(&mut self) -> Option<crate::sys::ring::Entry> {
        use crate::sys::ring::{Code, Entry};
        use std::os::fd::AsRawFd;
        Some(Entry::new(Code::Sync, self.file.as_raw_fd()).options(options(self.only_data)))
    }
}

impl Future for SyncFile<'_> {
    type Output = io::Result<()>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        // SAFETY: the operation inside is pinned with this; the rest is not pinned.
        let SyncFile { direct, only_data, pending } = unsafe { self.get_unchecked_mut() };
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
            Pending::new(Syncing { file: Arc::clone(direct.file), only_data: *only_data })
        });
        pending.poll(context, |result, _| result.map(drop)).map(|result| result?)
    }
}
