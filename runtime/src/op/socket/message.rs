//! A message header, as the kernel takes it.

use core::fmt;
use core::mem::MaybeUninit;
use std::io;
use std::os::fd::BorrowedFd;

#[cfg(target_os = "linux")]
use crate::sys::ring::{Code, Entry};
use crate::sys::socket;

/// What a call for messages works with: addresses of buffers and of a name.
///
/// It is filled just before it is used, because the operation that it is a part of may move until
/// then.
pub(crate) struct Message {
    header: MaybeUninit<libc::msghdr>,
    vector: MaybeUninit<libc::iovec>,
}

// SAFETY: the addresses in it are those of the operation that it is a part of and of buffers that
// the operation borrows; it gives no access to them.
unsafe impl Send for Message {}
// SAFETY: as above.
unsafe impl Sync for Message {}

impl Message {
    /// A header that names nothing yet.
    pub(crate) const fn new() -> Self {
        Message { header: MaybeUninit::zeroed(), vector: MaybeUninit::uninit() }
    }

    /// Names one buffer.
    pub(crate) fn with_buffer(&mut self, start: *mut u8, len: usize) -> &mut libc::msghdr {
        let vector = self.vector.write(libc::iovec { iov_base: start.cast(), iov_len: len });
        let vector: *mut libc::iovec = vector;
        self.with_buffers(vector, 1)
    }

    /// The length of the name that the kernel has written.
    pub(crate) const fn name_len(&self) -> libc::socklen_t {
        // SAFETY: it was zeroed when it was made, which is a valid header, or written since.
        unsafe { self.header.assume_init_ref() }.msg_namelen
    }

    /// The header, as the kernel has left it.
    pub(crate) const fn header(&mut self) -> &mut libc::msghdr {
        // SAFETY: it was zeroed when it was made, which is a valid header, or written since.
        unsafe { self.header.assume_init_mut() }
    }

    /// Names `count` buffers.
    pub(crate) fn with_buffers(
        &mut self,
        vectors: *mut libc::iovec,
        count: usize,
    ) -> &mut libc::msghdr {
        let header = self.header.write(socket::empty_message());
        header.msg_iov = vectors;
        header.msg_iovlen = count as _;
        header
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message").finish_non_exhaustive()
    }
}

/// The submission entry that receives a message.
#[cfg(target_os = "linux")]
pub(crate) fn receive_entry(fd: BorrowedFd<'_>, header: &mut libc::msghdr, flags: i32) -> Entry {
    use std::os::fd::AsRawFd;
    let header: *mut libc::msghdr = header;
    Entry::new(Code::ReceiveMessage, fd.as_raw_fd()).memory(header, 1).options(flags as u32)
}

/// The flags of a submission entry that sends a part of a stream.
#[cfg(target_os = "linux")]
pub(super) const STREAM: i32 = libc::MSG_NOSIGNAL;

/// The flags of a submission entry that sends a datagram: it fails if there is no room.
///
/// A ring that finds no room tries again by itself when there is some, but goes on after the bytes
/// that the socket has already copied, which it did before it looked for room: the receiver gets an
/// empty datagram, or the end of one (Linux 6.18; Unix sockets whose receiver is not connected to the
/// sender copy first).
#[cfg(target_os = "linux")]
pub(super) const DATAGRAM: i32 = libc::MSG_NOSIGNAL | libc::MSG_DONTWAIT;

/// The submission entry that sends a message.
#[cfg(target_os = "linux")]
pub(crate) fn send_entry(fd: BorrowedFd<'_>, header: &mut libc::msghdr, flags: i32) -> Entry {
    use std::os::fd::AsRawFd;
    let header: *mut libc::msghdr = header;
    Entry::new(Code::SendMessage, fd.as_raw_fd()).memory(header, 1).options(flags as u32)
}

/// Receives a message without blocking.
///
/// # Safety
///
/// * What the header names is valid and may be written, and the kernel does not have it.
pub(crate) unsafe fn receive(
    fd: BorrowedFd<'_>,
    header: &mut libc::msghdr,
    flags: i32,
) -> io::Result<usize> {
    // SAFETY: by this function's contract.
    unsafe { socket::receive_message(fd, header, flags) }
}

/// Sends a message without blocking.
///
/// # Safety
///
/// * What the header names is valid.
pub(crate) unsafe fn send(fd: BorrowedFd<'_>, header: &mut libc::msghdr) -> io::Result<usize> {
    // SAFETY: by this function's contract.
    unsafe { socket::send_message(fd, header) }
}
