//! Making a connection.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use std::io;
use std::net::SocketAddr;
use std::os::fd::{AsFd, BorrowedFd};

use rustix::io::Errno;
use socket2::SockAddr;

use super::address::{IP, RawAddress, UNIX};
use crate::Io;
use crate::descriptor::{Descriptor, Short};
use crate::driver::Interest;
use crate::net::{TcpStream, UnixStream};
use crate::op::{Flight, Home, Operation, Remedy, Ticket};
use crate::sys::socket;

/// Makes a connection to the first address that works. Made by [`TcpStream::connect`].
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
    attempt: Option<Connecting<IP>>,
}

/// Connects a socket. Made by [`TcpSocket::connect`](crate::net::TcpSocket::connect).
///
/// # Cancellation
///
/// As for [`Connect`].
#[derive(Debug)]
#[must_use = "an operation does nothing unless it is awaited"]
pub struct ConnectSocket(Connecting<IP>);

/// Makes a connection to a path. Made by [`UnixStream::connect`].
///
/// # Cancellation
///
/// As for [`Connect`].
#[derive(Debug)]
#[must_use = "an operation does nothing unless it is awaited"]
pub struct ConnectUnix {
    io: Io,
    refusal: Option<io::Error>,
    /// Pinned with this.
    attempt: Option<Connecting<UNIX>>,
}

impl<I: Iterator<Item = SocketAddr>> Connect<I> {
    pub(crate) const fn new(io: Io, addresses: io::Result<I>) -> Self {
        Connect { io, addresses, refusal: None, attempt: None }
    }

    /// A socket for the next address; the last error if there is none.
    fn next(&mut self) -> io::Result<Connecting<IP>> {
        self.io.check()?;
        let invalid = || io::Error::new(io::ErrorKind::InvalidInput, "no address to connect to");
        let addresses = match &mut self.addresses {
            Ok(addresses) => addresses,
            Err(error) => return Err(core::mem::replace(error, invalid())),
        };
        for address in addresses {
            match socket::open(address) {
                Ok(socket) => {
                    let socket = Descriptor::new(socket, Short::MeansBlocked);
                    return Ok(Connecting::new(&address.into(), socket));
                }
                // Perhaps this family of addresses is not there.
                Err(error) => self.refusal = Some(error),
            }
        }
        Err(self.refusal.take().unwrap_or_else(invalid))
    }
}

impl ConnectSocket {
    pub(crate) fn new(socket: Descriptor, address: SocketAddr) -> Self {
        ConnectSocket(Connecting::new(&address.into(), socket))
    }
}

impl ConnectUnix {
    pub(crate) fn new(io: Io, address: io::Result<SockAddr>) -> Self {
        let open = |address: SockAddr| {
            let socket = Descriptor::new(socket::open_unix()?, Short::TellsNothing);
            Ok(Connecting::new(&address, socket))
        };
        match address.and_then(open) {
            Ok(attempt) => ConnectUnix { io, refusal: None, attempt: Some(attempt) },
            Err(error) => ConnectUnix { io, refusal: Some(error), attempt: None },
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

impl Future for ConnectSocket {
    type Output = io::Result<TcpStream>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<TcpStream>> {
        // SAFETY: the attempt is pinned with the struct it is in.
        let attempt = unsafe { self.map_unchecked_mut(|connect| &mut connect.0) };
        attempt.poll(context).map_ok(TcpStream::new)
    }
}

impl Future for ConnectUnix {
    type Output = io::Result<UnixStream>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<UnixStream>> {
        self.io.check()?;
        // SAFETY: the attempt is not moved.
        let connect = unsafe { self.get_unchecked_mut() };
        let Some(attempt) = &mut connect.attempt else {
            let refusal = connect.refusal.take();
            return Poll::Ready(Err(refusal.expect("polled after it gave its result")));
        };
        // SAFETY: the attempt is pinned with the struct it is in, and dropped in place.
        unsafe { Pin::new_unchecked(attempt) }.poll(context).map_ok(UnixStream::new)
    }
}

/// Connects a new socket to one address.
#[derive(Debug)]
pub(crate) struct Connecting<const SIZE: usize> {
    /// Dropped before the socket: the operation ends before its descriptor is closed.
    flight: Flight<'static>,
    socket: Option<Descriptor>,
    peer: RawAddress<SIZE>,
    is_begun: bool,
}

impl<const SIZE: usize> Connecting<SIZE> {
    /// Whether the kernel connects in the background. A Unix socket is connected at once, or the
    /// listener's queue is full.
    const IN_BACKGROUND: bool = SIZE == IP;

    /// A connection to `address` that is not begun yet.
    pub(crate) fn new(address: &SockAddr, socket: Descriptor) -> Self {
        Connecting {
            flight: Flight::new(),
            socket: Some(socket),
            peer: RawAddress::new(address),
            is_begun: false,
        }
    }
}

impl<const SIZE: usize> Operation for Connecting<SIZE> {
    const INTEREST: Interest = Interest::Write;

    fn ticket(&self) -> &Ticket {
        &self.flight.ticket
    }

    fn descriptor(&self) -> BorrowedFd<'_> {
        self.socket.as_ref().expect("the socket leaves when the operation is done").as_fd()
    }

    fn is_in(&self, _home: Home) -> bool {
        Self::IN_BACKGROUND // The address is a part of this.
    }

    #[cfg(target_os = "linux")]
    fn prepare(&mut self) -> crate::sys::ring::Entry {
        use crate::sys::ring::{Code, Entry};
        use std::os::fd::AsRawFd;
        self.is_begun = true;
        let connect = Entry::new(Code::Connect, self.descriptor().as_raw_fd());
        let len = self.peer.len();
        connect.memory(self.peer.address(), 0).offset(len.into())
    }

    fn attempt(&mut self) -> io::Result<usize> {
        if Self::IN_BACKGROUND && core::mem::replace(&mut self.is_begun, true) {
            socket::connected(self.descriptor())?;
        } else {
            socket::connect(self.descriptor(), &self.peer.decode())?;
        }
        Ok(0)
    }

    fn remedy(&self, error: Errno) -> Remedy {
        match error {
            // The listener's queue is full, and nothing tells when it is no more.
            Errno::AGAIN if !Self::IN_BACKGROUND => Remedy::AwaitDescriptor,
            // An interrupted connect goes on by itself.
            Errno::INPROGRESS | Errno::ALREADY | Errno::INTR => Remedy::AwaitReady,
            error => Remedy::usual(error),
        }
    }
}

impl<const SIZE: usize> Future for Connecting<SIZE> {
    type Output = io::Result<Descriptor>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<Descriptor>> {
        ready!(crate::op::poll(self.as_mut(), context))?;
        // SAFETY: the socket is not pinned: nothing refers to its address.
        let socket = unsafe { &mut self.get_unchecked_mut().socket };
        Poll::Ready(Ok(socket.take().expect("taken once, when the operation is done")))
    }
}
