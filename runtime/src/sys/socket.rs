//! Non-blocking calls on sockets.

use std::io;
use std::net::{Shutdown, SocketAddr};
use std::os::fd::{BorrowedFd, OwnedFd};

use rustix::io::Errno;
use rustix::net::{self, RecvFlags, SendFlags, SocketFlags, sockopt};
use socket2::{Domain, Protocol, SockRef, Socket, Type};

/// The number of connections that wait to be accepted, as far as the kernel allows.
const BACKLOG: i32 = 4096;

/// A socket that listens on `address`.
pub(crate) fn listen(address: SocketAddr) -> io::Result<OwnedFd> {
    let socket = stream(address)?;
    socket.set_reuse_address(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

/// An unconnected socket for `address`.
pub(crate) fn open(address: SocketAddr) -> io::Result<OwnedFd> {
    Ok(stream(address)?.into())
}

fn stream(address: SocketAddr) -> io::Result<Socket> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_nonblocking(true)?;
    Ok(socket)
}

/// Takes a connection that waits.
pub(crate) fn accept(fd: BorrowedFd<'_>) -> io::Result<(OwnedFd, Option<SocketAddr>)> {
    let flags = SocketFlags::NONBLOCK | SocketFlags::CLOEXEC;
    let (socket, peer) = net::acceptfrom_with(fd, flags)?;
    Ok((socket, peer.and_then(|peer| peer.try_into().ok())))
}

/// Begins to connect.
pub(crate) fn connect(fd: BorrowedFd<'_>, address: SocketAddr) -> io::Result<()> {
    Ok(net::connect(fd, &address)?)
}

/// What has become of a connection attempt.
pub(crate) fn connected(fd: BorrowedFd<'_>) -> io::Result<()> {
    sockopt::socket_error(fd)??;
    match net::getpeername(fd) {
        Err(Errno::NOTCONN) => Err(Errno::AGAIN.into()),
        result => Ok(result.map(drop)?),
    }
}

/// Takes bytes that have arrived.
pub(crate) fn receive(fd: BorrowedFd<'_>, buffer: &mut [u8]) -> io::Result<usize> {
    Ok(net::recv(fd, buffer, RecvFlags::DONTWAIT)?.0)
}

/// Gives bytes to the kernel. A closed peer is an error, not a signal.
pub(crate) fn send(fd: BorrowedFd<'_>, bytes: &[u8]) -> io::Result<usize> {
    Ok(net::send(fd, bytes, SendFlags::DONTWAIT | SendFlags::NOSIGNAL)?)
}

/// Ends one or both directions.
pub(crate) fn shutdown(fd: BorrowedFd<'_>, how: Shutdown) -> io::Result<()> {
    SockRef::from(&fd).shutdown(how)
}

/// The address of this end.
pub(crate) fn local_address(fd: BorrowedFd<'_>) -> io::Result<SocketAddr> {
    ip(SockRef::from(&fd).local_addr()?)
}

/// The address of the other end.
pub(crate) fn peer_address(fd: BorrowedFd<'_>) -> io::Result<SocketAddr> {
    ip(SockRef::from(&fd).peer_addr()?)
}

fn ip(address: socket2::SockAddr) -> io::Result<SocketAddr> {
    address.as_socket().ok_or_else(|| io::ErrorKind::Unsupported.into())
}

/// Sets whether small writes are sent at once.
pub(crate) fn set_nodelay(fd: BorrowedFd<'_>, nodelay: bool) -> io::Result<()> {
    Ok(sockopt::set_tcp_nodelay(fd, nodelay)?)
}

/// Whether small writes are sent at once.
pub(crate) fn nodelay(fd: BorrowedFd<'_>) -> io::Result<bool> {
    Ok(sockopt::tcp_nodelay(fd)?)
}
