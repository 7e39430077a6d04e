//! Calls on files, which block.

use std::ffi::{CStr, CString, OsStr};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::FileExt;
use std::path::Path;

/// Where in a file; the kernel takes the last value for "where the file stands".
pub(crate) const HERE: u64 = u64::MAX;

/// A path in the form of the kernel.
pub(crate) fn path(path: &Path) -> io::Result<CString> {
    let invalid = |_| io::Error::new(io::ErrorKind::InvalidInput, "a path contains a zero byte");
    CString::new(path.as_os_str().as_bytes()).map_err(invalid)
}

/// A path as the library has it.
fn path_of(path: &CStr) -> &Path {
    Path::new(OsStr::from_bytes(path.to_bytes()))
}

/// Opens a file.
pub(crate) fn open(path: &CStr, flags: i32, mode: libc::mode_t) -> io::Result<OwnedFd> {
    loop {
        // SAFETY: the path is a string that ends with a zero.
        let descriptor = unsafe { libc::open(path.as_ptr(), flags, mode as libc::c_uint) };
        if descriptor >= 0 {
            // SAFETY: the kernel made the descriptor just now, and nobody else has it.
            return Ok(unsafe { OwnedFd::from_raw_fd(descriptor) });
        }
        let error = io::Error::last_os_error();
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
}

/// Reads at a place, or where the file stands.
pub(crate) fn read(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    let mut file = file;
    match offset {
        HERE => file.read(buffer),
        offset => file.read_at(buffer, offset),
    }
}

/// Writes at a place, or where the file stands.
pub(crate) fn write(file: &File, bytes: &[u8], offset: u64) -> io::Result<usize> {
    let mut file = file;
    match offset {
        HERE => file.write(bytes),
        offset => file.write_at(bytes, offset),
    }
}

/// Sends up to `len` bytes at `offset` to a socket that does not block. The program must not want the
/// signal that says that a peer has gone.
#[cfg(target_os = "linux")]
pub(crate) fn send(
    socket: BorrowedFd<'_>,
    file: BorrowedFd<'_>,
    offset: u64,
    len: usize,
) -> io::Result<usize> {
    let mut offset = offset_of(offset)?;
    // SAFETY: the offset is valid, and may be written.
    let count =
        unsafe { libc::sendfile(socket.as_raw_fd(), file.as_raw_fd(), &raw mut offset, len) };
    usize::try_from(count).map_err(|_| io::Error::last_os_error())
}

/// Sends up to `len` bytes at `offset` to a socket that does not block, through a buffer: the system's
/// own call for it is another one on each system.
#[cfg(not(target_os = "linux"))]
pub(crate) fn send(
    socket: BorrowedFd<'_>,
    file: BorrowedFd<'_>,
    offset: u64,
    len: usize,
) -> io::Result<usize> {
    let mut buffer = [0; 16 << 10];
    let room = len.min(buffer.len());
    let count = rustix::io::pread(file, &mut buffer[..room], offset)?;
    if count == 0 { Ok(0) } else { super::socket::send(socket, &buffer[..count]) }
}

/// Gives another name to a file.
pub(crate) fn rename(from: &CStr, to: &CStr) -> io::Result<()> {
    fs::rename(path_of(from), path_of(to))
}

/// Removes a file, or an empty folder.
pub(crate) fn remove(path: &CStr, is_folder: bool) -> io::Result<()> {
    let path = path_of(path);
    if is_folder { fs::remove_dir(path) } else { fs::remove_file(path) }
}

/// Makes a folder.
pub(crate) fn make_folder(path: &CStr) -> io::Result<()> {
    fs::create_dir(path_of(path))
}

/// Gives a file a second name.
pub(crate) fn link(original: &CStr, link: &CStr) -> io::Result<()> {
    fs::hard_link(path_of(original), path_of(link))
}

/// Makes a file that names another one.
pub(crate) fn symlink(target: &CStr, link: &CStr) -> io::Result<()> {
    std::os::unix::fs::symlink(path_of(target), path_of(link))
}

/// How a part of a file will be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    Normal,
    Sequential,
    Random,
    Soon,
    NoMore,
    Once,
}

/// Tells the kernel how a part of a file will be used.
#[cfg(not(target_vendor = "apple"))]
pub(crate) fn advise(file: BorrowedFd<'_>, offset: u64, len: u64, used: Use) -> io::Result<()> {
    let advice = match used {
        Use::Normal => libc::POSIX_FADV_NORMAL,
        Use::Sequential => libc::POSIX_FADV_SEQUENTIAL,
        Use::Random => libc::POSIX_FADV_RANDOM,
        Use::Soon => libc::POSIX_FADV_WILLNEED,
        Use::NoMore => libc::POSIX_FADV_DONTNEED,
        Use::Once => libc::POSIX_FADV_NOREUSE,
    };
    let (offset, len) = (offset_of(offset)?, offset_of(len)?);
    // SAFETY: it takes numbers only.
    match unsafe { libc::posix_fadvise(file.as_raw_fd(), offset, len, advice) } {
        0 => Ok(()),
        error => Err(io::Error::from_raw_os_error(error)),
    }
}

/// Tells the kernel how a part of a file will be used. It only wants to know what is used soon.
#[cfg(target_vendor = "apple")]
pub(crate) fn advise(file: BorrowedFd<'_>, offset: u64, len: u64, used: Use) -> io::Result<()> {
    let (offset, len) = (offset_of(offset)?, offset_of(len)?);
    if used != Use::Soon {
        return Ok(());
    }
    let count = if len == 0 { i32::MAX } else { len.try_into().unwrap_or(i32::MAX) };
    let advice = libc::radvisory { ra_offset: offset, ra_count: count };
    // SAFETY: the advice is valid during the call.
    match unsafe { libc::fcntl(file.as_raw_fd(), libc::F_RDADVISE, &raw const advice) } {
        -1 => Err(io::Error::last_os_error()),
        _ => Ok(()),
    }
}

fn offset_of(number: u64) -> io::Result<libc::off_t> {
    number.try_into().map_err(|_| io::ErrorKind::InvalidInput.into())
}
