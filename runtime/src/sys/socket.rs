//! Non-blocking calls on sockets.

use core::mem;
use std::io;
use std::net::{Shutdown, SocketAddr};
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::net as unix;

use rustix::io::Errno;
use rustix::net::{self, RecvFlags, SendFlags, sockopt};
use socket2::{Domain, Protocol, SockAddr, SockAddrStorage, SockRef, Socket, Type};

/// The flag that leaves a datagram where it is.
pub(crate) const PEEK: i32 = libc::MSG_PEEK;

/// How bytes are sent: without blocking, and without a signal if the peer is gone.
#[cfg(not(target_vendor = "apple"))]
const SEND_FLAGS: i32 = libc::MSG_DONTWAIT | libc::MSG_NOSIGNAL;
/// How bytes are sent: without blocking. A setting of each socket turns the signal off.
#[cfg(target_vendor = "apple")]
const SEND_FLAGS: i32 = libc::MSG_DONTWAIT;

/// The flag by which descriptors that arrive are closed in new programs.
#[cfg(not(target_vendor = "apple"))]
pub(crate) const RECEIVE_FDS: i32 = libc::MSG_CMSG_CLOEXEC;
/// No flag does that here.
#[cfg(target_vendor = "apple")]
pub(crate) const RECEIVE_FDS: i32 = 0;

/// The number of connections that wait to be accepted, as far as the kernel allows.
pub(crate) const BACKLOG: i32 = 4096;

/// A socket that listens on `address`.
pub(crate) fn listen(address: SocketAddr) -> io::Result<OwnedFd> {
    let socket = open(address)?;
    let options = SockRef::from(&socket);
    options.set_reuse_address(true)?;
    options.bind(&address.into())?;
    options.listen(BACKLOG)?;
    Ok(socket)
}

/// An unconnected TCP socket for `address`.
pub(crate) fn open(address: SocketAddr) -> io::Result<OwnedFd> {
    let domain = Domain::for_address(address);
    non_blocking(Socket::new(domain, Type::STREAM, Some(Protocol::TCP))?)
}

/// An unbound UDP socket for `address`.
pub(crate) fn open_udp(address: SocketAddr) -> io::Result<OwnedFd> {
    let domain = Domain::for_address(address);
    non_blocking(Socket::new(domain, Type::DGRAM, Some(Protocol::UDP))?)
}

/// An unconnected Unix stream socket.
pub(crate) fn open_unix() -> io::Result<OwnedFd> {
    non_blocking(Socket::new(Domain::UNIX, Type::STREAM, None)?)
}

/// An unbound Unix datagram socket.
pub(crate) fn open_unix_datagram() -> io::Result<OwnedFd> {
    non_blocking(Socket::new(Domain::UNIX, Type::DGRAM, None)?)
}

/// A pair of Unix sockets that are connected with each other.
pub(crate) fn pair(kind: Type) -> io::Result<(OwnedFd, OwnedFd)> {
    let (first, second) = Socket::pair(Domain::UNIX, kind, None)?;
    Ok((non_blocking(first)?, non_blocking(second)?))
}

fn non_blocking(socket: Socket) -> io::Result<OwnedFd> {
    socket.set_nonblocking(true)?;
    Ok(socket.into())
}

/// The settings of a socket.
pub(crate) fn options<'a>(fd: &'a BorrowedFd<'_>) -> SockRef<'a> {
    SockRef::from(fd)
}

/// Takes a connection that waits.
pub(crate) fn accept(fd: BorrowedFd<'_>) -> io::Result<(OwnedFd, SockAddr)> {
    let accept = |address: *mut SockAddrStorage, len: *mut libc::socklen_t| {
        // SAFETY: both addresses are valid, and the length is the one of the storage.
        let socket = unsafe { accept_raw(fd.as_raw_fd(), address.cast(), len) };
        if socket < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the kernel made the descriptor just now, and nobody else has it.
        Ok(unsafe { OwnedFd::from_raw_fd(socket) })
    };
    // SAFETY: the call writes an address and its length, or fails.
    let (socket, peer) = unsafe { SockAddr::try_init(accept) }?;
    #[cfg(target_vendor = "apple")]
    {
        rustix::io::fcntl_setfd(&socket, rustix::io::FdFlags::CLOEXEC)?;
        let options = SockRef::from(&socket);
        options.set_nonblocking(true)?;
        options.set_nosigpipe(true)?;
    }
    Ok((socket, peer))
}

/// Takes a connection; the descriptor does not block and is closed in new programs.
///
/// # Safety
///
/// * Both addresses are valid and may be written, and the length is the one of the storage.
#[cfg(not(target_vendor = "apple"))]
unsafe fn accept_raw(
    fd: RawFd,
    address: *mut libc::sockaddr,
    len: *mut libc::socklen_t,
) -> libc::c_int {
    let flags = libc::SOCK_CLOEXEC | libc::SOCK_NONBLOCK;
    // SAFETY: by this function's contract.
    unsafe { libc::accept4(fd, address, len, flags) }
}

/// Takes a connection; the descriptor's flags are not set yet.
///
/// # Safety
///
/// * Both addresses are valid and may be written, and the length is the one of the storage.
#[cfg(target_vendor = "apple")]
unsafe fn accept_raw(
    fd: RawFd,
    address: *mut libc::sockaddr,
    len: *mut libc::socklen_t,
) -> libc::c_int {
    // SAFETY: by this function's contract.
    unsafe { libc::accept(fd, address, len) }
}

/// Begins to connect.
pub(crate) fn connect(fd: BorrowedFd<'_>, address: &SockAddr) -> io::Result<()> {
    SockRef::from(&fd).connect(address)
}

/// What has become of a connection attempt.
pub(crate) fn connected(fd: BorrowedFd<'_>) -> io::Result<()> {
    sockopt::socket_error(fd)??;
    match net::getpeername(fd) {
        // The library has taken the error for itself.
        #[cfg(coframe_libkqueue)]
        Err(Errno::NOTCONN) if super::poll::is_ready(fd, true).is_ok() => {
            Err(Errno::CONNREFUSED.into())
        }
        Err(Errno::NOTCONN) => Err(Errno::AGAIN.into()),
        result => Ok(result.map(drop)?),
    }
}

/// Takes bytes that have arrived.
#[inline]
pub(crate) fn receive(fd: BorrowedFd<'_>, buffer: &mut [u8]) -> io::Result<usize> {
    match net::recv(fd, buffer, RecvFlags::DONTWAIT) {
        Ok((count, _)) => Ok(count),
        Err(errno) => Err(error_of(errno)),
    }
}

/// An error, made where it does not stand in the way of what is usual.
#[cold]
#[inline(never)]
fn error_of(errno: Errno) -> io::Error {
    errno.into()
}

/// Copies bytes that have arrived, and leaves them.
#[inline]
pub(crate) fn peek(fd: BorrowedFd<'_>, buffer: &mut [u8]) -> io::Result<usize> {
    Ok(net::recv(fd, buffer, RecvFlags::DONTWAIT | RecvFlags::PEEK)?.0)
}

/// Gives bytes to the kernel. A closed peer is an error, not a signal.
#[inline]
pub(crate) fn send(fd: BorrowedFd<'_>, bytes: &[u8]) -> io::Result<usize> {
    net::send(fd, bytes, SendFlags::from_bits_retain(SEND_FLAGS as _)).map_err(error_of)
}

/// A message that names nothing.
pub(crate) const fn empty_message() -> libc::msghdr {
    // SAFETY: all zeros is a valid header: no name, no buffers, no control messages.
    unsafe { mem::zeroed() }
}

/// Receives into what the header names.
///
/// # Safety
///
/// * What the header names is valid and may be written.
pub(crate) unsafe fn receive_message(
    fd: BorrowedFd<'_>,
    header: &mut libc::msghdr,
    flags: i32,
) -> io::Result<usize> {
    // SAFETY: by this function's contract.
    let count = unsafe { libc::recvmsg(fd.as_raw_fd(), header, flags | libc::MSG_DONTWAIT) };
    usize::try_from(count).map_err(|_| io::Error::last_os_error())
}

/// Sends what the header names. A closed peer is an error, not a signal.
///
/// # Safety
///
/// * What the header names is valid.
pub(crate) unsafe fn send_message(
    fd: BorrowedFd<'_>,
    header: &mut libc::msghdr,
) -> io::Result<usize> {
    // SAFETY: by this function's contract.
    let count = unsafe { libc::sendmsg(fd.as_raw_fd(), header, SEND_FLAGS) };
    usize::try_from(count).map_err(|_| io::Error::last_os_error())
}

/// Ends one or both directions.
pub(crate) fn shutdown(fd: BorrowedFd<'_>, how: Shutdown) -> io::Result<()> {
    SockRef::from(&fd).shutdown(how)
}

/// The IP address of this end.
pub(crate) fn local_address(fd: BorrowedFd<'_>) -> io::Result<SocketAddr> {
    ip(&SockRef::from(&fd).local_addr()?)
}

/// The IP address of the other end.
pub(crate) fn peer_address(fd: BorrowedFd<'_>) -> io::Result<SocketAddr> {
    ip(&SockRef::from(&fd).peer_addr()?)
}

fn ip(address: &SockAddr) -> io::Result<SocketAddr> {
    address.as_socket().ok_or_else(|| io::ErrorKind::Unsupported.into())
}

/// The address of this end of a Unix socket.
pub(crate) fn local_path(fd: BorrowedFd<'_>) -> io::Result<unix::SocketAddr> {
    unix_address_of(&SockRef::from(&fd).local_addr()?)
}

/// The address of the other end of a Unix socket.
pub(crate) fn peer_path(fd: BorrowedFd<'_>) -> io::Result<unix::SocketAddr> {
    unix_address_of(&SockRef::from(&fd).peer_addr()?)
}

/// The address of a Unix socket, perhaps without a name.
pub(crate) fn unix_address_of(address: &SockAddr) -> io::Result<unix::SocketAddr> {
    if address.domain() != Domain::UNIX {
        return Err(io::ErrorKind::Unsupported.into());
    }
    #[cfg(target_os = "linux")]
    if let Some(name) = address.as_abstract_namespace() {
        use std::os::linux::net::SocketAddrExt;
        return unix::SocketAddr::from_abstract_name(name);
    }
    match address.as_pathname() {
        Some(path) => unix::SocketAddr::from_pathname(path),
        None => unix::SocketAddr::from_pathname(""),
    }
}

/// The address of a path or of an abstract name, in the library's form.
pub(crate) fn unix_address(address: &unix::SocketAddr) -> io::Result<SockAddr> {
    #[cfg(target_os = "linux")]
    {
        use std::os::linux::net::SocketAddrExt;
        use std::os::unix::ffi::OsStrExt;
        if let Some(name) = address.as_abstract_name() {
            let name = [b"\0", name].concat();
            return SockAddr::unix(std::ffi::OsStr::from_bytes(&name));
        }
    }
    match address.as_pathname() {
        Some(path) => SockAddr::unix(path),
        None => Err(io::Error::new(io::ErrorKind::InvalidInput, "the address has no name")),
    }
}
