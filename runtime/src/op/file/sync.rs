//! Bringing a file to the disk.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::fs;
use std::io;
use std::sync::Arc;

use crate::blocking::{Pending, Work};

/// Waits until what was written is on the disk. Made by
/// [`File::sync_all`](crate::fs::File::sync_all) and
/// [`File::sync_data`](crate::fs::File::sync_data).
///
/// Dropping it before it is done is safe.
#[derive(Debug)]
#[must_use = "an operation does nothing unless it is awaited"]
pub struct SyncFile {
    pending: Pending<Syncing>,
}

#[derive(Debug)]
struct Syncing {
    file: Arc<fs::File>,
    /// Without what readers do not need, as the time of the last change.
    only_data: bool,
}

impl SyncFile {
    pub(crate) fn new(file: &Arc<fs::File>, only_data: bool) -> Self {
        SyncFile { pending: Pending::new(Syncing { file: Arc::clone(file), only_data }) }
    }
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
        use crate::sys::ring::{Code, Entry, SYNC_ONLY_DATA};
        use std::os::fd::AsRawFd;
        let options = if self.only_data { SYNC_ONLY_DATA } else { 0 };
        Some(Entry::new(Code::Sync, self.file.as_raw_fd()).options(options))
    }
}

impl Future for SyncFile {
    type Output = io::Result<()>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.pending.poll(context, |result, _| result.map(drop)).map(|result| result?)
    }
}
