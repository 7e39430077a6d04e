//! Opening a file.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::ffi::CString;
use std::io;
use std::os::fd::{FromRawFd, OwnedFd, RawFd};

use crate::Io;
use crate::blocking::{Pending, Work};
use crate::fs::File;
use crate::sys::file;

/// Opens a file. Made by [`OpenOptions::open`](crate::fs::OpenOptions::open).
///
/// # Cancellation
///
/// Dropping it before it is done is safe. A file that is opened nevertheless is closed.
#[derive(Debug)]
#[must_use = "an operation does nothing unless it is awaited"]
pub struct Open {
    io: Io,
    opening: io::Result<Pending<Opening>>,
}

/// What is to be opened, and the descriptor once it is.
#[derive(Debug)]
struct Opening {
    path: CString,
    flags: i32,
    mode: libc::mode_t,
    opened: Option<OwnedFd>,
}

impl Open {
    pub(crate) fn new(io: Io, path: io::Result<CString>, flags: i32, mode: libc::mode_t) -> Self {
        let opening = path.map(|path| Pending::new(Opening { path, flags, mode, opened: None }));
        Open { io, opening }
    }
}

impl Work for Opening {
    fn run(&mut self) -> io::Result<usize> {
        self.opened = Some(file::open(&self.path, self.flags, self.mode)?);
        Ok(0)
    }

    #[cfg(target_os = "linux")]
    fn entry(&mut self) -> Option<crate::sys::ring::Entry> {
        use crate::sys::ring::{Code, Entry};
        let open = Entry::new(Code::OpenAt, libc::AT_FDCWD);
        Some(open.memory(self.path.as_ptr(), self.mode).options(self.flags as u32))
    }

    fn own(&mut self, result: usize) {
        // SAFETY: the kernel made the descriptor for this operation, and nobody else has it.
        self.opened = Some(unsafe { OwnedFd::from_raw_fd(result as RawFd) });
    }
}

impl Future for Open {
    type Output = io::Result<File>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<File>> {
        self.io.check()?;
        let opening = match &mut self.opening {
            Ok(opening) => opening,
            Err(error) => {
                return Poll::Ready(Err(core::mem::replace(error, io::ErrorKind::Other.into())));
            }
        };
        let end = |result: io::Result<usize>, opening: &mut Opening| -> io::Result<OwnedFd> {
            result?;
            Ok(opening.opened.take().expect("the file was opened"))
        };
        opening.poll(context, end).map(|opened| Ok(File::new(opened??)))
    }
}
