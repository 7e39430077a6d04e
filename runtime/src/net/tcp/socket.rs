//! A TCP socket before it listens or is connected.

use core::time::Duration;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::fd::AsFd;

use super::TcpListener;
use crate::Io;
use crate::descriptor::{Descriptor, Short};
use crate::net::is_descriptor;
use crate::op::ConnectSocket;
use crate::sys::socket;

/// A TCP socket that is neither connected nor listens yet, to be given options.
///
/// ```
/// # fn main() -> std::io::Result<()> {
/// use coframe::net::TcpSocket;
///
/// let mut runtime = coframe::Runtime::new()?;
/// let socket = TcpSocket::new_v4(runtime.io())?;
/// socket.set_reuse_port(true)?;
/// socket.bind("127.0.0.1:0".parse().unwrap())?;
/// let listener = socket.listen(1024)?;
/// # let _ = listener;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct TcpSocket {
    socket: Descriptor,
}

is_descriptor!(TcpSocket);

impl TcpSocket {
    /// A socket for IPv4.
    ///
    /// # Errors
    ///
    /// If the runtime has ended, and those of `socket`.
    pub fn new_v4(io: Io) -> io::Result<Self> {
        Self::new(io, (Ipv4Addr::UNSPECIFIED, 0).into())
    }

    /// A socket for IPv6.
    ///
    /// # Errors
    ///
    /// If the runtime has ended, and those of `socket`.
    pub fn new_v6(io: Io) -> io::Result<Self> {
        Self::new(io, (Ipv6Addr::UNSPECIFIED, 0).into())
    }

    fn new(io: Io, address: SocketAddr) -> io::Result<Self> {
        io.check()?;
        let socket = Descriptor::new(socket::open(address)?, Short::MeansBlocked);
        Ok(TcpSocket { socket })
    }

    /// Sets whether an address can be used again at once after a restart (`SO_REUSEADDR`).
    ///
    /// # Errors
    ///
    /// Those of `setsockopt`.
    pub fn set_reuse_address(&self, reuse: bool) -> io::Result<()> {
        socket::options(&self.socket.as_fd()).set_reuse_address(reuse)
    }

    /// Sets whether several sockets may listen on one address, and share the connections
    /// (`SO_REUSEPORT`).
    ///
    /// # Errors
    ///
    /// Those of `setsockopt`.
    pub fn set_reuse_port(&self, reuse: bool) -> io::Result<()> {
        socket::options(&self.socket.as_fd()).set_reuse_port(reuse)
    }

    /// Sets whether small writes are sent at once (`TCP_NODELAY`), instead of being collected.
    ///
    /// # Errors
    ///
    /// Those of `setsockopt`.
    pub fn set_nodelay(&self, nodelay: bool) -> io::Result<()> {
        socket::options(&self.socket.as_fd()).set_tcp_nodelay(nodelay)
    }

    /// Sets how long closing the socket waits for what was written; zero resets the connection.
    ///
    /// # Errors
    ///
    /// Those of `setsockopt`.
    pub fn set_linger(&self, time: Option<Duration>) -> io::Result<()> {
        socket::options(&self.socket.as_fd()).set_linger(time)
    }

    /// Sets the bytes of the system's buffer for what arrives.
    ///
    /// # Errors
    ///
    /// Those of `setsockopt`.
    pub fn set_receive_buffer_size(&self, bytes: usize) -> io::Result<()> {
        socket::options(&self.socket.as_fd()).set_recv_buffer_size(bytes)
    }

    /// Sets the bytes of the system's buffer for what is written.
    ///
    /// # Errors
    ///
    /// Those of `setsockopt`.
    pub fn set_send_buffer_size(&self, bytes: usize) -> io::Result<()> {
        socket::options(&self.socket.as_fd()).set_send_buffer_size(bytes)
    }

    /// Gives the socket an address.
    ///
    /// # Errors
    ///
    /// Those of `bind`.
    pub fn bind(&self, address: SocketAddr) -> io::Result<()> {
        socket::options(&self.socket.as_fd()).bind(&address.into())
    }

    /// Listens; up to `backlog` connections wait to be accepted, as far as the system allows.
    ///
    /// # Errors
    ///
    /// Those of `listen`.
    pub fn listen(self, backlog: u32) -> io::Result<TcpListener> {
        let backlog = i32::try_from(backlog).unwrap_or(i32::MAX);
        socket::options(&self.socket.as_fd()).listen(backlog)?;
        Ok(TcpListener::new(self.socket))
    }

    /// Connects.
    ///
    /// # Errors
    ///
    /// Those of `connect`, and polling it outside a runtime.
    pub fn connect(self, address: SocketAddr) -> ConnectSocket {
        ConnectSocket::new(self.socket, address)
    }

    /// The address of this end.
    ///
    /// # Errors
    ///
    /// Those of `getsockname`.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        socket::local_address(self.socket.as_fd())
    }
}
