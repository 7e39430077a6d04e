//! Datagrams between processes of one machine.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::{SocketAddr, UnixDatagram as StdDatagram};
use std::path::Path;

use socket2::Type;

use crate::Io;
use crate::descriptor::{Descriptor, Short};
use crate::net::{is_descriptor, is_std};
use crate::op::{
    Peek, Read, Readable, ReceiveFds, ReceiveFromUnix, SendDatagram, SendFds, SendToUnix, Writable,
};
use crate::sys::socket;

/// A Unix socket that sends and takes datagrams, in order and without losing any.
///
/// The file of its path is not removed when it is dropped.
#[derive(Debug)]
pub struct UnixDatagram {
    socket: Descriptor,
}

is_descriptor!(UnixDatagram);
is_std!(UnixDatagram, StdDatagram, Short::TellsNothing);

impl UnixDatagram {
    fn new(io: Io, socket: io::Result<OwnedFd>) -> io::Result<Self> {
        io.check()?;
        Ok(UnixDatagram { socket: Descriptor::new(socket?, Short::TellsNothing) })
    }

    /// A socket at `path`, which must not exist.
    ///
    /// # Errors
    ///
    /// If the runtime has ended, and those of `bind`; the error names the path.
    pub fn bind(io: Io, path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref();
        Self::bind_addr(io, &SocketAddr::from_pathname(path)?).map_err(|error| {
            let text = format!("cannot bind to {}: {error}", path.display());
            io::Error::new(error.kind(), text)
        })
    }

    /// A socket with an address, which may be an abstract name.
    ///
    /// # Errors
    ///
    /// If the runtime has ended, and those of `bind`.
    pub fn bind_addr(io: Io, address: &SocketAddr) -> io::Result<Self> {
        let address = socket::unix_address(address)?;
        let datagram = Self::unbound(io)?;
        socket::options(&datagram.socket.as_fd()).bind(&address)?;
        Ok(datagram)
    }

    /// A socket without an address, which can send but not be answered.
    ///
    /// # Errors
    ///
    /// If the runtime has ended, and those of `socket`.
    pub fn unbound(io: Io) -> io::Result<Self> {
        Self::new(io, socket::open_unix_datagram())
    }

    /// Two sockets that are connected with each other.
    ///
    /// # Errors
    ///
    /// If the runtime has ended, and those of `socketpair`.
    pub fn pair(io: Io) -> io::Result<(Self, Self)> {
        let (first, second) = socket::pair(Type::DGRAM)?;
        Ok((Self::new(io, Ok(first))?, Self::new(io, Ok(second))?))
    }

    /// Sets the only peer: [`send`](Self::send) sends to it, and only its datagrams arrive.
    ///
    /// # Errors
    ///
    /// Those of `connect`.
    pub fn connect(&self, path: impl AsRef<Path>) -> io::Result<()> {
        let address = socket::unix_address(&SocketAddr::from_pathname(path)?)?;
        socket::connect(self.socket.as_fd(), &address)
    }

    /// Sends a datagram to the peer of [`connect`](Self::connect), and gives its length.
    ///
    /// # Errors
    ///
    /// Those of `send`, and polling it outside a runtime.
    pub fn send<'a>(&'a self, bytes: &'a [u8]) -> SendDatagram<'a> {
        SendDatagram::new(self.socket.as_fd(), bytes)
    }

    /// Takes a datagram and gives its length. What does not fit into the buffer is lost.
    ///
    /// # Errors
    ///
    /// Those of `recv`, and polling it outside a runtime.
    pub fn recv<'a>(&'a self, buffer: &'a mut [u8]) -> Read<'a> {
        Read::new(self.socket.as_fd(), buffer)
    }

    /// Copies a datagram that a later call will take.
    ///
    /// # Errors
    ///
    /// As [`recv`](Self::recv).
    pub fn peek<'a>(&'a self, buffer: &'a mut [u8]) -> Peek<'a> {
        Peek::new(self.socket.as_fd(), buffer)
    }

    /// Sends a datagram with descriptors to the peer of [`connect`](Self::connect), and gives its
    /// length.
    ///
    /// The receiver gets descriptors of the same files. At most 253 go with one datagram.
    ///
    /// # Errors
    ///
    /// Those of `sendmsg`, for example that there are too many descriptors, and polling it outside a
    /// runtime.
    pub fn send_fds<'a, const N: usize>(
        &'a self,
        bytes: &'a [u8],
        fds: [BorrowedFd<'a>; N],
    ) -> SendFds<'a, N> {
        SendFds::new(self.socket.as_fd(), bytes, fds, false)
    }

    /// Takes a datagram and up to `N` descriptors that came with it, and gives its length. What does
    /// not fit into the buffer is lost, and more descriptors are closed.
    ///
    /// # Errors
    ///
    /// Those of `recvmsg`, and polling it outside a runtime.
    pub fn recv_fds<'a, const N: usize>(&'a self, buffer: &'a mut [u8]) -> ReceiveFds<'a, N> {
        ReceiveFds::new(self.socket.as_fd(), buffer)
    }

    /// Sends a datagram to the socket at `path`, and gives its length.
    ///
    /// # Errors
    ///
    /// Those of `sendto`, and polling it outside a runtime.
    pub fn send_to<'a>(&'a self, bytes: &'a [u8], path: impl AsRef<Path>) -> SendToUnix<'a> {
        let address = SocketAddr::from_pathname(path);
        let address = address.and_then(|address| socket::unix_address(&address));
        SendToUnix::new(self.socket.as_fd(), bytes, address)
    }

    /// Sends a datagram to an address, which may be an abstract name.
    ///
    /// # Errors
    ///
    /// As [`send_to`](Self::send_to).
    pub fn send_to_addr<'a>(&'a self, bytes: &'a [u8], address: &SocketAddr) -> SendToUnix<'a> {
        SendToUnix::new(self.socket.as_fd(), bytes, socket::unix_address(address))
    }

    /// Takes a datagram, and gives its length and where it came from. What does not fit into the
    /// buffer is lost.
    ///
    /// # Errors
    ///
    /// Those of `recvfrom`, and polling it outside a runtime.
    pub fn recv_from<'a>(&'a self, buffer: &'a mut [u8]) -> ReceiveFromUnix<'a> {
        ReceiveFromUnix::new(self.socket.as_fd(), buffer, 0)
    }

    /// Waits until there is a datagram.
    ///
    /// # Errors
    ///
    /// Polling it outside a runtime.
    pub fn readable(&self) -> Readable<'_> {
        Readable::new(self.socket.as_fd())
    }

    /// Waits until there is room for a datagram.
    ///
    /// # Errors
    ///
    /// Polling it outside a runtime.
    pub fn writable(&self) -> Writable<'_> {
        Writable::new(self.socket.as_fd())
    }

    /// The address of this end.
    ///
    /// # Errors
    ///
    /// Those of `getsockname`.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        socket::local_path(self.socket.as_fd())
    }

    /// The peer of [`connect`](Self::connect).
    ///
    /// # Errors
    ///
    /// Those of `getpeername`, for example that there is none.
    pub fn peer_addr(&self) -> io::Result<SocketAddr> {
        socket::peer_path(self.socket.as_fd())
    }
}
