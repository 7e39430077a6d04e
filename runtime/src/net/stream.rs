//! A TCP connection.

use std::io;
use std::net::{Shutdown, SocketAddr, ToSocketAddrs};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use crate::Io;
use crate::descriptor::{Descriptor, Short};
use crate::op::{Connect, Read, Write, WriteAll};
use crate::sys::socket;

/// A TCP connection. Dropping it closes it.
#[derive(Debug)]
pub struct TcpStream {
    socket: Descriptor,
}

impl TcpStream {
    pub(crate) fn from_socket(socket: OwnedFd) -> Self {
        TcpStream { socket: Descriptor::new(socket, Short::MeansBlocked) }
    }

    pub(crate) const fn new(socket: Descriptor) -> Self {
        TcpStream { socket }
    }

    /// Connects to the first of the addresses that works.
    ///
    /// A host name is looked up here, which blocks the thread; an address is not.
    ///
    /// # Errors
    ///
    /// When awaited: if the runtime has ended, or if no address can be connected to: then the
    /// error is that of the last one.
    pub fn connect<A: ToSocketAddrs>(io: Io, addresses: A) -> Connect<A::Iter> {
        Connect::new(io, addresses.to_socket_addrs())
    }

    /// Reads up to `buffer.len()` bytes and gives their number; 0 means that the peer sends no
    /// more.
    ///
    /// If the buffer and the returned future both lie in the frame of a spawned coroutine, the
    /// kernel writes straight into the buffer.
    ///
    /// # Errors
    ///
    /// Those of `recv`, for example that the peer has reset the connection, and polling it outside
    /// a runtime.
    #[inline]
    pub fn read<'a>(&'a mut self, buffer: &'a mut [u8]) -> Read<'a> {
        Read::new(self.socket.as_fd(), buffer)
    }

    /// Writes some of `bytes` and gives their number.
    ///
    /// # Errors
    ///
    /// Those of `send`; a closed peer is an error, never a signal. Also polling it outside a
    /// runtime.
    #[inline]
    pub fn write<'a>(&'a mut self, bytes: &'a [u8]) -> Write<'a> {
        Write::new(self.socket.as_fd(), bytes)
    }

    /// Writes all of `bytes`.
    ///
    /// # Errors
    ///
    /// As [`write`](Self::write); then it is unknown how many of the bytes were written.
    #[inline]
    pub fn write_all<'a>(&'a mut self, bytes: &'a [u8]) -> WriteAll<'a> {
        WriteAll::new(self.socket.as_fd(), bytes)
    }

    /// Ends one or both directions. It does not block.
    ///
    /// After `Shutdown::Write` the peer reads what was written and then the end, and what it sends
    /// can still be read.
    ///
    /// # Errors
    ///
    /// Those of `shutdown`, for example that the connection is closed already.
    pub fn shutdown(&self, how: Shutdown) -> io::Result<()> {
        socket::shutdown(self.socket.as_fd(), how)
    }

    /// The address of this end.
    ///
    /// # Errors
    ///
    /// Those of `getsockname`.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        socket::local_address(self.socket.as_fd())
    }

    /// The address of the other end.
    ///
    /// # Errors
    ///
    /// Those of `getpeername`, for example that the connection is closed already.
    pub fn peer_addr(&self) -> io::Result<SocketAddr> {
        socket::peer_address(self.socket.as_fd())
    }

    /// Sets whether small writes are sent at once (`TCP_NODELAY`), instead of being collected.
    ///
    /// # Errors
    ///
    /// Those of `setsockopt`.
    pub fn set_nodelay(&self, nodelay: bool) -> io::Result<()> {
        socket::set_nodelay(self.socket.as_fd(), nodelay)
    }

    /// Whether small writes are sent at once.
    ///
    /// # Errors
    ///
    /// Those of `getsockopt`.
    pub fn nodelay(&self) -> io::Result<bool> {
        socket::nodelay(self.socket.as_fd())
    }
}

impl AsFd for TcpStream {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

impl From<TcpStream> for OwnedFd {
    fn from(stream: TcpStream) -> Self {
        stream.socket.into_inner()
    }
}
