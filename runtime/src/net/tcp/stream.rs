//! A TCP connection.

use core::time::Duration;
use std::io;
use std::net::{SocketAddr, TcpStream as StdStream, ToSocketAddrs};
use std::os::fd::{AsFd, OwnedFd};

use super::Keepalive;
use crate::Io;
use crate::descriptor::{Descriptor, Short};
use crate::net::{is_descriptor, is_std, is_stream};
use crate::op::Connect;
use crate::sys::socket;

/// A TCP connection. Dropping it closes it.
#[derive(Debug)]
pub struct TcpStream {
    socket: Descriptor,
}

is_descriptor!(TcpStream);
is_std!(TcpStream, StdStream, Short::MeansBlocked);
is_stream!(TcpStream);

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
        socket::options(&self.socket.as_fd()).set_tcp_nodelay(nodelay)
    }

    /// Whether small writes are sent at once.
    ///
    /// # Errors
    ///
    /// Those of `getsockopt`.
    pub fn nodelay(&self) -> io::Result<bool> {
        socket::options(&self.socket.as_fd()).tcp_nodelay()
    }

    /// Sets when a silent connection is probed; `None` never.
    ///
    /// # Errors
    ///
    /// Those of `setsockopt`.
    pub fn set_keepalive(&self, keepalive: Option<Keepalive>) -> io::Result<()> {
        let descriptor = self.socket.as_fd();
        let options = socket::options(&descriptor);
        match keepalive {
            Some(keepalive) => options.set_tcp_keepalive(&keepalive.options()),
            None => options.set_keepalive(false),
        }
    }

    /// Whether a silent connection is probed.
    ///
    /// # Errors
    ///
    /// Those of `getsockopt`.
    pub fn keepalive(&self) -> io::Result<bool> {
        socket::options(&self.socket.as_fd()).keepalive()
    }

    /// Sets how long closing the connection waits for what was written; zero resets it. Closing
    /// then blocks the thread.
    ///
    /// # Errors
    ///
    /// Those of `setsockopt`.
    pub fn set_linger(&self, time: Option<Duration>) -> io::Result<()> {
        socket::options(&self.socket.as_fd()).set_linger(time)
    }

    /// How long closing the connection waits for what was written.
    ///
    /// # Errors
    ///
    /// Those of `getsockopt`.
    pub fn linger(&self) -> io::Result<Option<Duration>> {
        socket::options(&self.socket.as_fd()).linger()
    }

    /// Sets how many routers a packet may pass (IPv4).
    ///
    /// # Errors
    ///
    /// Those of `setsockopt`.
    pub fn set_ttl(&self, ttl: u32) -> io::Result<()> {
        socket::options(&self.socket.as_fd()).set_ttl_v4(ttl)
    }

    /// How many routers a packet may pass (IPv4).
    ///
    /// # Errors
    ///
    /// Those of `getsockopt`.
    pub fn ttl(&self) -> io::Result<u32> {
        socket::options(&self.socket.as_fd()).ttl_v4()
    }
}
