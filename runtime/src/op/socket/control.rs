//! Descriptors beside the bytes of a message, as the kernel takes and gives them.

use core::mem::MaybeUninit;
use core::ptr;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};

use super::message::Message;

/// Room for one control message with `N` descriptors.
#[repr(C, align(8))]
#[derive(Debug)]
struct Control<const N: usize> {
    header: [u64; 2],
    descriptors: [MaybeUninit<RawFd>; N],
}

const _: () = assert!(len_of(0) <= 16);

/// The length of a control message with so many bytes, without what follows to align the next one.
const fn len_of(bytes: usize) -> usize {
    // SAFETY: the macro only calculates.
    unsafe { libc::CMSG_LEN(bytes as libc::c_uint) as usize }
}

impl<const N: usize> Control<N> {
    const fn new() -> Self {
        Control { header: [0; 2], descriptors: [MaybeUninit::uninit(); N] }
    }

    /// Says in a message where this is. The first control message is empty.
    fn attach(&mut self, header: &mut libc::msghdr) {
        self.header = [0; 2];
        header.msg_control = ptr::from_mut(self).cast();
        let len = len_of(size_of::<RawFd>() * N);
        debug_assert!(len <= size_of::<Self>());
        header.msg_controllen = len as _;
    }
}

/// A message that takes descriptors along.
#[derive(Debug)]
pub(super) struct Outbox<const N: usize> {
    message: Message,
    control: Control<N>,
}

impl<const N: usize> Outbox<N> {
    pub(super) const fn new() -> Self {
        Outbox { message: Message::new(), control: Control::new() }
    }

    /// Names the bytes and the descriptors.
    pub(super) fn fill(&mut self, bytes: &[u8], fds: &[BorrowedFd<'_>; N]) -> &mut libc::msghdr {
        let header = self.message.with_buffer(bytes.as_ptr().cast_mut(), bytes.len());
        if N == 0 {
            return header;
        }
        self.control.attach(header);
        // SAFETY: the header names the room for control messages.
        let first = unsafe { libc::CMSG_FIRSTHDR(header) };
        // SAFETY: there is room for one control message, so there is a first one.
        let control = unsafe { &mut *first };
        control.cmsg_level = libc::SOL_SOCKET;
        control.cmsg_type = libc::SCM_RIGHTS;
        control.cmsg_len = len_of(size_of_val(fds)) as _;
        // SAFETY: the macro only calculates, from an address that is valid.
        let data = unsafe { libc::CMSG_DATA(first) }.cast::<RawFd>();
        for (place, fd) in fds.iter().enumerate() {
            // SAFETY: there is room for `N` descriptors.
            let place = unsafe { data.add(place) };
            // SAFETY: as above, at any alignment.
            unsafe { place.write_unaligned(fd.as_raw_fd()) };
        }
        header
    }
}

/// A message that descriptors come with. Those that nobody takes are closed.
#[derive(Debug)]
pub(super) struct Inbox<const N: usize> {
    message: Message,
    control: Control<N>,
}

impl<const N: usize> Inbox<N> {
    pub(super) const fn new() -> Self {
        Inbox { message: Message::new(), control: Control::new() }
    }

    /// Names the buffer, and the room for descriptors.
    pub(super) fn fill(&mut self, start: *mut u8, len: usize) -> &mut libc::msghdr {
        let header = self.message.with_buffer(start, len);
        self.control.attach(header);
        header
    }

    /// The descriptors that came with the message, once it has come. They are given once.
    pub(super) fn take(&mut self) -> ReceivedFds<N> {
        let header = self.message.header();
        let is_truncated = header.msg_flags & libc::MSG_CTRUNC != 0;
        let mut received = ReceivedFds { fds: [const { None }; N], next: 0, is_truncated };
        let mut places = received.fds.iter_mut();
        // SAFETY: the header is zero, or names the room for control messages.
        let mut current = unsafe { libc::CMSG_FIRSTHDR(header) };
        // SAFETY: a control message that there is lies in the room, and its head was written.
        while let Some(control) = unsafe { current.as_ref() } {
            // It is empty if no message has come.
            let Some(len) = length(control).checked_sub(len_of(0)) else { break };
            if (control.cmsg_level, control.cmsg_type) == (libc::SOL_SOCKET, libc::SCM_RIGHTS) {
                // SAFETY: the macro only calculates, from an address that is valid.
                let data = unsafe { libc::CMSG_DATA(current) }.cast::<RawFd>();
                let count = len / size_of::<RawFd>();
                for offset in 0..count {
                    // SAFETY: the kernel has written so many descriptors.
                    let fd = unsafe { data.add(offset) };
                    // SAFETY: as above, at any alignment.
                    let fd = unsafe { fd.read_unaligned() };
                    // SAFETY: the kernel made the descriptor for this message, and nobody else has
                    // it: they are taken once.
                    let fd = close_in_new_programs(unsafe { OwnedFd::from_raw_fd(fd) });
                    match places.next() {
                        Some(place) => *place = Some(fd),
                        None => received.is_truncated = true,
                    }
                }
            }
            // SAFETY: the current one lies in the room.
            current = unsafe { libc::CMSG_NXTHDR(header, current) };
        }
        header.msg_controllen = 0;
        received
    }
}

impl<const N: usize> Drop for Inbox<N> {
    fn drop(&mut self) {
        drop(self.take());
    }
}

/// The length of a control message, a number of another size on each system.
#[allow(clippy::unnecessary_cast, reason = "it is of this size on this system")]
const fn length(control: &libc::cmsghdr) -> usize {
    control.cmsg_len as usize
}

/// Receiving has seen to it, where the kernel can.
#[cfg(not(target_vendor = "apple"))]
const fn close_in_new_programs(fd: OwnedFd) -> OwnedFd {
    fd
}

#[cfg(target_vendor = "apple")]
fn close_in_new_programs(fd: OwnedFd) -> OwnedFd {
    // It cannot fail for a descriptor that there is.
    let _ = rustix::io::fcntl_setfd(&fd, rustix::io::FdFlags::CLOEXEC);
    fd
}

/// Descriptors that came with a message, in order. Made by
/// [`UnixStream::recv_fds`](crate::net::UnixStream::recv_fds).
///
/// Those that are not taken are closed when it is dropped.
#[derive(Debug)]
pub struct ReceivedFds<const N: usize> {
    fds: [Option<OwnedFd>; N],
    next: usize,
    is_truncated: bool,
}

impl<const N: usize> ReceivedFds<N> {
    /// Whether more descriptors came than there was room for. They are closed.
    pub const fn is_truncated(&self) -> bool {
        self.is_truncated
    }
}

impl<const N: usize> Iterator for ReceivedFds<N> {
    type Item = OwnedFd;

    fn next(&mut self) -> Option<OwnedFd> {
        let fd = self.fds.get_mut(self.next)?.take()?;
        self.next += 1;
        Some(fd)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let count = self.fds.iter().flatten().count();
        (count, Some(count))
    }
}

impl<const N: usize> ExactSizeIterator for ReceivedFds<N> {}
