//! Taking a connection from a listener.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use std::io;
use std::net::SocketAddr;
use std::os::fd::{BorrowedFd, FromRawFd, IntoRawFd, OwnedFd, RawFd};
use std::os::unix;

use rustix::io::Errno;

use super::address::{IP, RawAddress, UNIX};
use crate::driver::Interest;
use crate::net::{TcpStream, UnixStream};
use crate::op::{Flight, Home, Operation, Remedy, Ticket};
use crate::sys::socket;

/// Waits for a connection. Made by [`TcpListener::accept`](crate::net::TcpListener::accept).
///
/// # Cancellation
///
/// Dropping it before it is done is safe. A connection that arrives while it is dropped is closed.
#[derive(Debug)]
#[must_use = "an operation does nothing unless it is awaited"]
pub struct Accept<'a>(Accepting<'a, IP>);

/// Waits for a connection. Made by [`UnixListener::accept`](crate::net::UnixListener::accept).
///
/// # Cancellation
///
/// As for [`Accept`].
#[derive(Debug)]
#[must_use = "an operation does nothing unless it is awaited"]
pub struct AcceptUnix<'a>(Accepting<'a, UNIX>);

#[derive(Debug)]
struct Accepting<'a, const SIZE: usize> {
    flight: Flight<'a>,
    socket: BorrowedFd<'a>,
    /// The kernel writes the peer's address here.
    peer: RawAddress<SIZE>,
}

const _: () = assert!(size_of::<Accept<'_>>() <= 48);

impl<'a, const SIZE: usize> Accepting<'a, SIZE> {
    const fn new(socket: BorrowedFd<'a>) -> Self {
        Accepting { flight: Flight::new(), socket, peer: RawAddress::empty() }
    }
}

impl<'a> Accept<'a> {
    pub(crate) const fn new(socket: BorrowedFd<'a>) -> Self {
        Accept(Accepting::new(socket))
    }
}

impl<'a> AcceptUnix<'a> {
    pub(crate) const fn new(socket: BorrowedFd<'a>) -> Self {
        AcceptUnix(Accepting::new(socket))
    }
}

impl<const SIZE: usize> Operation for Accepting<'_, SIZE> {
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
        use crate::sys::ring::{Code, Entry};
        use std::os::fd::AsRawFd;
        self.peer = RawAddress::empty();
        let (peer, len) = (self.peer.address(), self.peer.len_address());
        let options = (libc::SOCK_CLOEXEC | libc::SOCK_NONBLOCK) as u32;
        let accept = Entry::new(Code::Accept, self.socket.as_raw_fd());
        accept.memory(peer, 0).more_memory(len).options(options)
    }

    fn attempt(&mut self) -> io::Result<usize> {
        let (socket, peer) = socket::accept(self.socket)?;
        self.peer = RawAddress::new(&peer);
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

impl<const SIZE: usize> Accepting<'_, SIZE> {
    fn poll_socket(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<OwnedFd>> {
        let descriptor = ready!(crate::op::poll(self, context))?;
        // SAFETY: the kernel made the descriptor for this operation, and nobody else has it.
        Poll::Ready(Ok(unsafe { OwnedFd::from_raw_fd(descriptor as RawFd) }))
    }
}

impl Future for Accept<'_> {
    type Output = io::Result<(TcpStream, SocketAddr)>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        // SAFETY: the operation is pinned with the struct it is in.
        let mut accept = unsafe { self.map_unchecked_mut(|accept| &mut accept.0) };
        let stream = TcpStream::from_socket(ready!(accept.as_mut().poll_socket(context))?);
        let peer = match accept.peer.ip() {
            Some(peer) => peer,
            None => stream.peer_addr()?,
        };
        Poll::Ready(Ok((stream, peer)))
    }
}

impl Future for AcceptUnix<'_> {
    type Output = io::Result<(UnixStream, unix::net::SocketAddr)>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        // SAFETY: the operation is pinned with the struct it is in.
        let mut accept = unsafe { self.map_unchecked_mut(|accept| &mut accept.0) };
        let stream = UnixStream::from_socket(ready!(accept.as_mut().poll_socket(context))?);
        let peer = accept.peer.unix()?;
        Poll::Ready(Ok((stream, peer)))
    }
}
