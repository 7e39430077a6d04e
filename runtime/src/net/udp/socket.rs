//! A UDP socket.

use std::io;
use std::net::{SocketAddr, ToSocketAddrs, UdpSocket as StdSocket};
use std::os::fd::AsFd;

use crate::Io;
use crate::descriptor::{Descriptor, Short};
use crate::net::{is_descriptor, is_std};
use crate::op::{Peek, Read, Readable, ReceiveFrom, SendDatagram, SendTo, Writable};
use crate::sys::socket;

/// A UDP socket: sends and takes datagrams.
///
/// Several tasks may use it at the same time, so its operations take it by shared reference.
///
/// ```
/// use coframe::Io;
/// use coframe::net::UdpSocket;
///
/// #[coframe::coroutine]
/// async fn answer_one(io: Io) -> std::io::Result<()> {
///     let server = UdpSocket::bind(io, "127.0.0.1:0")?;
///     let client = UdpSocket::bind(io, "127.0.0.1:0")?;
///     client.send_to(b"ping", server.local_addr()?).await?;
///     let mut buffer = [0; 16];
///     let (count, peer) = server.recv_from(&mut buffer).await?;
///     assert_eq!((&buffer[..count], peer), (&b"ping"[..], client.local_addr()?));
///     Ok(())
/// }
///
/// fn main() -> std::io::Result<()> {
///     coframe::Runtime::new()?.run(answer_one)
/// }
/// ```
#[derive(Debug)]
pub struct UdpSocket {
    pub(super) socket: Descriptor,
}

is_descriptor!(UdpSocket);
is_std!(UdpSocket, StdSocket, Short::TellsNothing);

impl UdpSocket {
    /// A socket with the first of the addresses that works.
    ///
    /// A host name is looked up here, which blocks the thread; an address is not.
    ///
    /// # Errors
    ///
    /// If the runtime has ended, or if no address can be used: then the error names the last
    /// address that was tried.
    pub fn bind(io: Io, addresses: impl ToSocketAddrs) -> io::Result<Self> {
        io.check()?;
        let mut refusal = io::Error::new(io::ErrorKind::InvalidInput, "no address to bind to");
        for address in addresses.to_socket_addrs()? {
            match Self::bind_one(address) {
                Ok(socket) => return Ok(socket),
                Err(error) => {
                    let text = format!("cannot bind to {address}: {error}");
                    refusal = io::Error::new(error.kind(), text);
                }
            }
        }
        Err(refusal)
    }

    fn bind_one(address: SocketAddr) -> io::Result<Self> {
        let socket = Descriptor::new(socket::open_udp(address)?, Short::TellsNothing);
        socket::options(&socket.as_fd()).bind(&address.into())?;
        Ok(UdpSocket { socket })
    }

    /// Sets the only peer: [`send`](Self::send) sends to it, and only its datagrams arrive.
    ///
    /// # Errors
    ///
    /// Those of `connect`.
    pub fn connect(&self, peer: SocketAddr) -> io::Result<()> {
        socket::connect(self.socket.as_fd(), &peer.into())
    }

    /// Sends a datagram to the peer of [`connect`](Self::connect), and gives its length.
    ///
    /// # Errors
    ///
    /// Those of `send`, for example that there is no peer or that the datagram is too large, and
    /// polling it outside a runtime.
    pub fn send<'a>(&'a self, bytes: &'a [u8]) -> SendDatagram<'a> {
        SendDatagram::new(self.socket.as_fd(), bytes)
    }

    /// Takes a datagram and gives its length. What does not fit into the buffer is lost.
    ///
    /// # Errors
    ///
    /// Those of `recv`, for example that the peer of [`connect`](Self::connect) refused a datagram,
    /// and polling it outside a runtime.
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

    /// Sends a datagram to `peer`, and gives its length.
    ///
    /// # Errors
    ///
    /// Those of `sendto`, for example that the datagram is too large, and polling it outside a
    /// runtime.
    pub fn send_to<'a>(&'a self, bytes: &'a [u8], peer: SocketAddr) -> SendTo<'a> {
        SendTo::new(self.socket.as_fd(), bytes, Ok(peer.into()))
    }

    /// Takes a datagram, and gives its length and where it came from. What does not fit into the
    /// buffer is lost.
    ///
    /// # Errors
    ///
    /// Those of `recvfrom`, and polling it outside a runtime.
    pub fn recv_from<'a>(&'a self, buffer: &'a mut [u8]) -> ReceiveFrom<'a> {
        ReceiveFrom::new(self.socket.as_fd(), buffer, 0)
    }

    /// Copies a datagram that a later call will take, and gives where it came from.
    ///
    /// # Errors
    ///
    /// As [`recv_from`](Self::recv_from).
    pub fn peek_from<'a>(&'a self, buffer: &'a mut [u8]) -> ReceiveFrom<'a> {
        ReceiveFrom::new(self.socket.as_fd(), buffer, socket::PEEK)
    }

    /// Takes a datagram that is there already; `WouldBlock` if there is none.
    ///
    /// # Errors
    ///
    /// Those of `recv`.
    pub fn try_recv(&self, buffer: &mut [u8]) -> io::Result<usize> {
        socket::receive(self.socket.as_fd(), buffer)
    }

    /// Sends a datagram to the peer of [`connect`](Self::connect) if there is room for it;
    /// `WouldBlock` if there is none.
    ///
    /// # Errors
    ///
    /// Those of `send`.
    pub fn try_send(&self, bytes: &[u8]) -> io::Result<usize> {
        socket::send(self.socket.as_fd(), bytes)
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
        socket::local_address(self.socket.as_fd())
    }

    /// The peer of [`connect`](Self::connect).
    ///
    /// # Errors
    ///
    /// Those of `getpeername`, for example that there is none.
    pub fn peer_addr(&self) -> io::Result<SocketAddr> {
        socket::peer_address(self.socket.as_fd())
    }

    /// The error that the socket has had since this was called last.
    ///
    /// # Errors
    ///
    /// Those of `getsockopt`.
    pub fn take_error(&self) -> io::Result<Option<io::Error>> {
        socket::options(&self.socket.as_fd()).take_error()
    }
}
