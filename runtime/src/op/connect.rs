//! Making a connection.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use std::io;
use std::net::SocketAddr;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::io::Errno;

use super::address::RawAddress;
use super::{Flight, Home, Operation, Remedy, Ticket};
use crate::Io;
use crate::descriptor::{Descriptor, Short};
use crate::driver::Interest;
use crate::net::TcpStream;
use crate::sys::socket;

/// Makes a connection. Made by [`TcpStream::connect`].
///
/// # Cancellation
///
/// Dropping it before it is done is safe, and closes the socket.
#[derive(Debug)]
#[must_use = "an operation does nothing unless it is awaited"]
pub struct Connect<I> {
    io: Io,
    addresses: io::Result<I>,
    refusal: Option<io::Error>,
    /// Pinned with this.
    attempt: Option<Connecting>,
}

impl<I: Iterator<Item = SocketAddr>> Connect<I> {
    pub(crate) const fn new(io: Io, addresses: io::Result<I>) -> Self {
        Connect { io, addresses, refusal: None, attempt: None }
    }

    /// A socket for the next address; the last error if there is none.
    fn next(&mut self) -> io::Result<Connecting> {
        self.io.check()?;
        let invalid = || io::Error::new(io::ErrorKind::InvalidInput, "no address to connect to");
        match &mut self.addresses {
            Ok(addresses) => match addresses.next() {
                Some(address) => Ok(Connecting::new(address, socket::open(address)?)),
                None => Err(self.refusal.take().unwrap_or_else(invalid)),
            },
            Err(error) => Err(core::mem::replace(error, invalid())),
        }
    }
}

impl<I: Iterator<Item = SocketAddr>> Future for Connect<I> {
    type Output = io::Result<TcpStream>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<TcpStream>> {
        // SAFETY: the attempt is not moved.
        let connect = unsafe { self.get_unchecked_mut() };
        loop {
            if connect.attempt.is_none() {
                connect.attempt = Some(connect.next()?);
            }
            let Some(attempt) = &mut connect.attempt else { continue };
            // SAFETY: the attempt is pinned with the struct it is in, and dropped in place.
            match ready!(unsafe { Pin::new_unchecked(attempt) }.poll(context)) {
                Ok(socket) => return Poll::Ready(Ok(TcpStream::new(socket))),
                Err(error) => connect.refusal = Some(error),
            }
            connect.attempt = None;
        }
    }
}

/// Connects a new socket to one address.
#[derive(Debug)]
pub(crate) struct Connecting {
    /// Dropped before the socket: the operation ends before its descriptor is closed.
    flight: Flight<'static>,
    socket: Option<Descriptor>,
    peer: RawAddress,
    address: SocketAddr,
    is_begun: bool,
}

impl Connecting {
    /// A connection to `address` that is not begun yet.
    pub(crate) fn new(address: SocketAddr, socket: OwnedFd) -> Self {
        Connecting {
            flight: Flight::new(),
            socket: Some(Descriptor::new(socket, Short::MeansBlocked)),
            peer: RawAddress::new(address),
            address,
            is_begun: false,
        }
    }
}

impl Operation for Connecting {
    const INTEREST: Interest = Interest::Write;

    fn ticket(&self) -> &Ticket {
        &self.flight.ticket
    }

    fn descriptor(&self) -> BorrowedFd<'_> {
        self.socket.as_ref().expect("the socket leaves when the operation is done").as_fd()
    }

    fn is_in(&self, _home: Home) -> bool {
        true // The address is a part of this.
    }

    #[cfg(target_os = "linux")]
    fn prepare(&mut self) -> crate::sys::ring::Entry {
        use std::os::fd::AsRawFd;
        self.is_begun = true;
        let socket = io_uring::types::Fd(self.descriptor().as_raw_fd());
        let len = self.peer.len();
        io_uring::opcode::Connect::new(socket, self.peer.address(), len).build()
    }

    fn attempt(&mut self) -> io::Result<usize> {
        if core::mem::replace(&mut self.is_begun, true) {
            socket::connected(self.descriptor())?;
        } else {
            socket::connect(self.descriptor(), self.address)?;
        }
        Ok(0)
    }

    fn remedy(&self, error: Errno) -> Remedy {
        match error {
            // An interrupted connect goes on by itself.
            Errno::INPROGRESS | Errno::ALREADY | Errno::INTR => Remedy::AwaitReady,
            error => Remedy::usual(error),
        }
    }
}

impl Future for Connecting {
    type Output = io::Result<Descriptor>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<Descriptor>> {
        ready!(super::poll(self.as_mut(), context))?;
        // SAFETY: the socket is not pinned: nothing refers to its address.
        let socket = unsafe { &mut self.get_unchecked_mut().socket };
        Poll::Ready(Ok(socket.take().expect("taken once, when the operation is done")))
    }
}
