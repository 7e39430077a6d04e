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
    fn entry(&mut self) -> Option<crate::sys::ring::Entry> {
        use crate::sys::ring::{Code, Entry};
        let at = |code| Entry::new(code, libc::AT_FDCWD);
        // Where there are two paths, the length is the folder of the second one.
        let here = libc::AT_FDCWD as u32;
        Some(match self {
            What::Rename(from, to) => {
                at(Code::RenameAt).memory(from.as_ptr(), here).more_memory(to.as_ptr())
            }
            What::Remove(path) => at(Code::UnlinkAt).memory(path.as_ptr(), 0),
            What::RemoveFolder(path) => {
                at(Code::UnlinkAt).memory(path.as_ptr(), 0).options(libc::AT_REMOVEDIR as u32)
            }
            What::MakeFolder(path) => at(Code::MakeFolderAt).memory(path.as_ptr(), 0o777),
            What::Link(original, link) => {
                at(Code::LinkAt).memory(original.as_ptr(), here).more_memory(link.as_ptr())
            }
            What::Symlink(target, link) => {
                at(Code::SymlinkAt).memory(target.as_ptr(), 0).more_memory(link.as_ptr())
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
