//! Taking a connection from a listener.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use std::io;
use std::net::SocketAddr;
use std::os::fd::{BorrowedFd, FromRawFd, IntoRawFd, OwnedFd, RawFd};

use rustix::io::Errno;

use super::address::RawAddress;
use super::{Flight, Home, Operation, Remedy, Ticket};
use crate::driver::Interest;
use crate::net::TcpStream;
use crate::sys::socket;

/// Waits for a connection. Made by [`TcpListener::accept`](crate::net::TcpListener::accept).
///
/// # Cancellation
///
/// Dropping it before it is done is safe. A connection that arrives while it is dropped is closed.
#[derive(Debug)]
#[must_use = "an operation does nothing unless it is awaited"]
pub struct Accept<'a> {
    flight: Flight<'a>,
    socket: BorrowedFd<'a>,
    /// The kernel writes the peer's address here.
    peer: RawAddress,
}

const _: () = assert!(size_of::<Accept<'_>>() <= 48);

impl<'a> Accept<'a> {
    pub(crate) const fn new(socket: BorrowedFd<'a>) -> Self {
        Accept { flight: Flight::new(), socket, peer: RawAddress::empty() }
    }
}

impl Operation for Accept<'_> {
    const INTEREST: Interest = Interest::Read;
    const YIELDS_FD: bool = true;

    fn ticket(&self) -> &Ticket {
        &self.flight.ticket
    }

    fn descriptor(&self) -> BorrowedFd<'_> {
        self.socket
    }

    fn is_in(&self, _home: Home) -> bool {
        true // The address is a part of this.
    }

    #[cfg(target_os = "linux")]
    fn prepare(&mut self) -> crate::sys::ring::Entry {
        use std::os::fd::AsRawFd;
        let socket = io_uring::types::Fd(self.socket.as_raw_fd());
        self.peer = RawAddress::empty();
        let (peer, len) = (self.peer.address(), self.peer.len_address());
        io_uring::opcode::Accept::new(socket, peer, len)
            .flags(libc::SOCK_CLOEXEC | libc::SOCK_NONBLOCK)
            .build()
    }

    fn attempt(&mut self) -> io::Result<usize> {
        let (socket, peer) = socket::accept(self.socket)?;
        self.peer = peer.map_or(RawAddress::empty(), RawAddress::new);
        Ok(socket.into_raw_fd() as usize)
    }

    fn remedy(&self, error: Errno) -> Remedy {
        match error {
            // The connection was gone before it was taken; others may wait behind it.
            Errno::CONNABORTED
            | Errno::PROTO
            | Errno::NETDOWN
            | Errno::NETUNREACH
            | Errno::HOSTDOWN
            | Errno::HOSTUNREACH => Remedy::Repeat,
            // The connection keeps waiting in the listener.
            Errno::MFILE | Errno::NFILE | Errno::NOBUFS | Errno::NOMEM => Remedy::AwaitDescriptor,
            error => Remedy::usual(error),
        }
    }
}

impl Future for Accept<'_> {
    type Output = io::Result<(TcpStream, SocketAddr)>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let descriptor = ready!(super::poll(self.as_mut(), context))?;
        // SAFETY: the kernel made the descriptor for this operation, and nobody else has it.
        let socket = unsafe { OwnedFd::from_raw_fd(descriptor as RawFd) };
        let stream = TcpStream::from_socket(socket);
        let peer = match self.peer.decode() {
            Some(peer) => peer,
            None => stream.peer_addr()?,
        };
        Poll::Ready(Ok((stream, peer)))
    }
}
