//! Changing what there is in the file system.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::ffi::CString;
use std::io;

use crate::Io;
use crate::blocking::{Pending, Work};
use crate::sys::file;

/// Changes the file system: renames, removes, links or makes something. Made by the functions of
/// [`fs`](crate::fs).
///
/// Dropping it before it is done is safe; the change is made or it is not.
#[derive(Debug)]
#[must_use = "an operation does nothing unless it is awaited"]
pub struct Change {
    io: Io,
    pending: io::Result<Pending<What>>,
}

/// What is changed.
#[derive(Debug)]
pub(crate) enum What {
    Rename(CString, CString),
    Remove(CString),
    RemoveFolder(CString),
    MakeFolder(CString),
    Link(CString, CString),
    Symlink(CString, CString),
}

impl Change {
    pub(crate) fn new(io: Io, what: io::Result<What>) -> Self {
        Change { io, pending: what.map(Pending::new) }
    }
}

impl Work for What {
    fn run(&mut self) -> io::Result<usize> {
        match self {
            What::Rename(from, to) => file::rename(from, to),
            What::Remove(path) => file::remove(path, false),
            What::RemoveFolder(path) => file::remove(path, true),
            What::MakeFolder(path) => file::make_folder(path),
            What::Link(original, link) => file::link(original, link),
            What::Symlink(target, link) => file::symlink(target, link),
        }
        .map(|()| 0)
    }

    #[cfg(target_os = "linux")]
    fn entry(&mut self) -> Option<(u8, crate::sys::ring::Entry)> {
        use io_uring::opcode::{LinkAt, MkDirAt, RenameAt, SymlinkAt, UnlinkAt};
        let here = io_uring::types::Fd(libc::AT_FDCWD);
        Some(match self {
            What::Rename(from, to) => {
                (RenameAt::CODE, RenameAt::new(here, from.as_ptr(), here, to.as_ptr()).build())
            }
            What::Remove(path) => (UnlinkAt::CODE, UnlinkAt::new(here, path.as_ptr()).build()),
            What::RemoveFolder(path) => {
                let unlink = UnlinkAt::new(here, path.as_ptr());
                (UnlinkAt::CODE, unlink.flags(libc::AT_REMOVEDIR).build())
            }
            What::MakeFolder(path) => {
                (MkDirAt::CODE, MkDirAt::new(here, path.as_ptr()).mode(0o777).build())
            }
            What::Link(original, link) => {
                (LinkAt::CODE, LinkAt::new(here, original.as_ptr(), here, link.as_ptr()).build())
            }
            What::Symlink(target, link) => {
                (SymlinkAt::CODE, SymlinkAt::new(here, target.as_ptr(), link.as_ptr()).build())
            }
        })
    }
}

impl Future for Change {
    type Output = io::Result<()>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.io.check()?;
        match &mut self.pending {
            Ok(pending) => {
                pending.poll(context, |result, _| result.map(drop)).map(|result| result?)
            }
            Err(error) => Poll::Ready(Err(core::mem::replace(error, io::ErrorKind::Other.into()))),
        }
    }
}
