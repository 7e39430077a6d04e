//! Bytes that are lent to the kernel until they have arrived.

use core::task::{Context, Poll};
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, OwnedFd};

use rustix::io::Errno;

use crate::blocking::{self, Work};
use crate::io::OwnedBytes;
use crate::scheduler;
use crate::sys::ring::{Code, Entry};

pub(in crate::op) type Pending<B> = blocking::Pending<Lent<B>>;

/// From this number of bytes on a copy costs more than it takes to do without.
const LEAST: usize = 32 << 10;

/// A buffer and the connection that it goes to.
pub(crate) struct Lent<B> {
    /// Its own, so that it is still this one when the connection is closed meanwhile. There until the
    /// kernel is done.
    socket: Option<OwnedFd>,
    /// There until the result is given.
    buffer: Option<B>,
}

impl<B: OwnedBytes> Work for Lent<B> {
    fn run(&mut self) -> io::Result<usize> {
        // No thread does it: then it goes the usual way.
        Err(Errno::OPNOTSUPP.into())
    }

    fn entry(&mut self) -> Option<Entry> {
        let bytes = self.buffer.as_ref()?.bytes();
        let len = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        let send = Entry::new(Code::SendZeroCopy, self.socket.as_ref()?.as_raw_fd());
        Some(send.memory(bytes.as_ptr(), len).options(libc::MSG_NOSIGNAL as u32))
    }

    fn let_go(&mut self) {
        self.socket = None;
    }
}

/// Lends the bytes to the kernel, or gives them back if it cannot or should not have them.
pub(super) fn begin<B: OwnedBytes>(socket: BorrowedFd<'_>, buffer: B) -> Result<Pending<B>, B> {
    let code = Code::SendZeroCopy as u8;
    let ring_can = scheduler::with(|core| {
        let core = core.filter(|core| !core.shared().is_fixed())?;
        core.ring().map(|ring| ring.can_do(code))
    });
    if ring_can != Some(true) || buffer.bytes().len() < LEAST {
        return Err(buffer);
    }
    match socket.try_clone_to_owned() {
        Ok(socket) => Ok(Pending::new(Lent { socket: Some(socket), buffer: Some(buffer) })),
        Err(_) => Err(buffer),
    }
}

pub(super) fn poll<B: OwnedBytes>(
    pending: &mut Pending<B>,
    context: &Context<'_>,
) -> Poll<(io::Result<usize>, B)> {
    let end = |result, lent: &mut Lent<B>| (result, lent.buffer.take().expect("ended once"));
    pending.poll(context, end).map(|ended| ended.expect("it was begun where there is a ring"))
}

/// Whether nothing was sent, as the kernel cannot do it for this socket or has no room to do it now.
pub(super) fn should_copy(error: &io::Error) -> bool {
    let unable = [Errno::OPNOTSUPP, Errno::NOMEM, Errno::NOBUFS, Errno::AGAIN, Errno::INTR];
    Errno::from_io_error(error).is_some_and(|errno| unable.contains(&errno))
}
