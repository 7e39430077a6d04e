//! Whether a descriptor is ready now.

use std::io;
use std::os::fd::BorrowedFd;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

/// Nothing if the descriptor can be read, or written; the error for what would block if not.
pub(crate) fn is_ready(fd: BorrowedFd<'_>, for_write: bool) -> io::Result<()> {
    let flags = if for_write { PollFlags::OUT } else { PollFlags::IN };
    let now = Timespec { tv_sec: 0, tv_nsec: 0 };
    match poll(&mut [PollFd::from_borrowed_fd(fd, flags)], Some(&now)) {
        Ok(0) => Err(Errno::AGAIN.into()),
        Ok(_) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
