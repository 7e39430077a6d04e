//! Making a file longer or shorter.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::fs;
use std::io;
use std::sync::Arc;

use crate::blocking::{Pending, Work};

/// Sets the length of a file. Made by [`File::set_len`](crate::fs::File::set_len).
///
/// Dropping it before it is done is safe; the length is changed or it is not.
#[derive(Debug)]
#[must_use = "an operation does nothing unless it is awaited"]
pub struct SetLen {
    pending: Pending<Resizing>,
}

#[derive(Debug)]
struct Resizing {
    file: Arc<fs::File>,
    len: u64,
}

impl SetLen {
    pub(crate) fn new(file: &Arc<fs::File>, len: u64) -> Self {
        SetLen { pending: Pending::new(Resizing { file: Arc::clone(file), len }) }
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

impl Future for SetLen {
    type Output = io::Result<()>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.pending.poll(context, |result, _| result.map(drop)).map(|result| result?)
    }
}
