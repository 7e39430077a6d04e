//! Taking bytes from a connection.

use core::future::Future;
use core::mem;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::io;
use std::os::fd::BorrowedFd;

use rustix::io::Errno;

use crate::driver::Interest;
use crate::op::buffer::Buffer;
use crate::op::{Flight, Home, Key, Operation, Remedy, Ticket};
use crate::sys::socket;

/// Reads some bytes. Made by [`TcpStream::read`](crate::net::TcpStream::read).
///
/// # Cancellation
///
/// Dropping it before it is done is safe, but bytes that the kernel had already put into the
/// buffer are lost with it. So are those that the runtime has received with epoll, which it does
/// just before it resumes the task, if this and the buffer lie in its frame.
#[derive(Debug)]
#[repr(C)] // so that the read is found by its ticket
#[must_use = "an operation does nothing unless it is awaited"]
pub struct Read<'a> {
    buffer: Buffer<'a>,
    socket: BorrowedFd<'a>,
    flight: Flight<'a>,
}

#[cfg(target_pointer_width = "64")]
const _: () = assert!(size_of::<Read<'_>>() == 28);

impl<'a> Read<'a> {
    #[inline]
    pub(crate) fn new(socket: BorrowedFd<'a>, buffer: &'a mut [u8]) -> Self {
        Read { buffer: Buffer::new(buffer), socket, flight: Flight::new() }
    }
}

/// Receives into the buffer of a read that is parked in place, and lets it land. Gives whether there were
/// fewer bytes than asked for, and some; `None`: there are none, and it stays parked.
///
/// # Safety
///
/// * The key is that of a [`Read`] which was parked with `is_in_place`, on the thread of its runtime,
///   which resumes no task meanwhile.
#[inline(always)] // for one caller
pub(crate) unsafe fn receive_parked(key: Key) -> Option<bool> {
    let read = key.ticket().wrapping_byte_sub(mem::offset_of!(Read<'_>, flight));
    // SAFETY: an operation that is parked is at its place in its slot: `OpDropped`.
    let read = unsafe { &*read.cast::<Read<'_>>() };
    let asked = read.buffer.len() as usize;
    // SAFETY: no kernel has the buffer, which lies in the slot (`OpInSlot`), and is the read's until
    // its destructor has run, which ends the wait first: `BorrowHeld`. Its task is not resumed now.
    let buffer = unsafe { core::slice::from_raw_parts_mut(read.buffer.start(), asked) };
    let result = match socket::receive(read.socket, buffer) {
        Ok(count) => count as i32,
        Err(error) => failure_of(&error)?,
    };
    // SAFETY: by this function's contract.
    unsafe { key.land_parked(result) };
    Some(result > 0 && (result as usize) < asked)
}

/// The error as a negative number; `None` if the read is to be made again.
#[cold]
fn failure_of(error: &io::Error) -> Option<i32> {
    let errno = Errno::from_io_error(error)?;
    (Remedy::usual(errno) == Remedy::Report).then(|| errno.raw_os_error().wrapping_neg())
}

/// The submission entry that takes bytes from a socket.
#[cfg(target_os = "linux")]
#[inline]
pub(super) fn receive_entry(
    socket: BorrowedFd<'_>,
    buffer: &Buffer<'_>,
    flags: i32,
) -> crate::sys::ring::Entry {
    use crate::sys::ring::{Code, Entry};
    use std::os::fd::AsRawFd;
    let receive = Entry::new(Code::Receive, socket.as_raw_fd());
    receive.memory(buffer.start(), buffer.len()).options(flags as u32)
}

impl Operation for Read<'_> {
    const INTEREST: Interest = Interest::Read;
    const MAY_BE_IN_PLACE: bool = true;

    #[inline]
    fn ticket(&self) -> &Ticket {
        &self.flight.ticket
    }

    #[inline]
    fn descriptor(&self) -> BorrowedFd<'_> {
        self.socket
    }

    #[inline]
    fn is_in(&self, home: Home) -> bool {
        home.has_some(self.buffer.addresses())
    }

    fn is_void(&self) -> bool {
        self.buffer.len() == 0
    }

    #[inline]
    fn is_short(&self, count: usize) -> bool {
        count != 0 && count < self.buffer.len() as usize
    }

    #[cfg(target_os = "linux")]
    #[inline]
    fn prepare(&mut self) -> crate::sys::ring::Entry {
        receive_entry(self.socket, &self.buffer, 0)
    }

    #[inline]
    fn attempt(&mut self) -> io::Result<usize> {
        // SAFETY: an attempt is made before the kernel gets the buffer, or after its completion
        // came: `poll` makes none while the ticket is pending.
        let buffer = unsafe { self.buffer.bytes() };
        socket::receive(self.socket, buffer)
    }
}

impl Future for Read<'_> {
    type Output = io::Result<usize>;

    #[inline(always)] // as `op::poll`
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        crate::op::poll(self, context)
    }
}
