//! Taking bytes from a connection into a buffer that the operation owns.

use core::fmt;
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use std::io;
use std::os::fd::BorrowedFd;

use crate::driver::Interest;
use crate::io::OwnedBytesMut;
use crate::op::{Flight, Home, Operation, Ticket};
use crate::sys::socket;

/// Reads into a buffer that it owns meanwhile. Made by
/// [`TcpStream::read_owned`](crate::net::TcpStream::read_owned).
///
/// Gives the buffer back with the result.
///
/// # Cancellation
///
/// As for [`Read`](super::Read); the buffer is dropped with it.
#[must_use = "an operation does nothing unless it is awaited"]
pub struct ReceiveOwned<'a, B> {
    /// Dropped before the buffer: then the kernel has let go of that.
    flight: Flight<'a>,
    socket: BorrowedFd<'a>,
    /// There until the result is given.
    buffer: Option<B>,
}

impl<'a, B> ReceiveOwned<'a, B> {
    pub(crate) const fn new(socket: BorrowedFd<'a>, buffer: B) -> Self {
        ReceiveOwned { flight: Flight::new(), socket, buffer: Some(buffer) }
    }
}

impl<B: OwnedBytesMut> ReceiveOwned<'_, B> {
    fn bytes(&mut self) -> &mut [u8] {
        self.buffer.as_mut().map_or(&mut [], |buffer| buffer.bytes_mut())
    }
}

impl<B: OwnedBytesMut> Operation for ReceiveOwned<'_, B> {
    const INTEREST: Interest = Interest::Read;

    fn ticket(&self) -> &Ticket {
        &self.flight.ticket
    }

    fn descriptor(&self) -> BorrowedFd<'_> {
        self.socket
    }

    fn is_in(&self, _home: Home) -> bool {
        true // It owns the buffer, which lies elsewhere: `Sealed`.
    }

    fn is_short(&self, count: usize) -> bool {
        count != 0 && self.buffer.as_ref().is_some_and(|buffer| count < buffer.bytes().len())
    }

    #[cfg(target_os = "linux")]
    fn prepare(&mut self) -> crate::sys::ring::Entry {
        use crate::sys::ring::{Code, Entry};
        use std::os::fd::AsRawFd;
        let receive = Entry::new(Code::Receive, self.socket.as_raw_fd());
        let bytes = self.bytes();
        receive.memory(bytes.as_mut_ptr(), u32::try_from(bytes.len()).unwrap_or(u32::MAX))
    }

    fn attempt(&mut self) -> io::Result<usize> {
        let socket = self.socket;
        socket::receive(socket, self.bytes())
    }
}

impl<B: OwnedBytesMut> Future for ReceiveOwned<'_, B> {
    type Output = (io::Result<usize>, B);

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let result = ready!(crate::op::poll(self.as_mut(), context));
        // SAFETY: the operation is not moved; the buffer is not pinned, and is the kernel's no more.
        let buffer = unsafe { &mut self.get_unchecked_mut().buffer };
        Poll::Ready((result, buffer.take().expect("polled after it gave its result")))
    }
}

impl<B> fmt::Debug for ReceiveOwned<'_, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReceiveOwned").field("socket", &self.socket).finish_non_exhaustive()
    }
}
