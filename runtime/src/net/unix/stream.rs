//! A connection between processes of one machine.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::{SocketAddr, UnixStream as StdStream};
use std::path::Path;

use socket2::Type;

use crate::Io;
use crate::descriptor::{Descriptor, Short};
use crate::net::{is_descriptor, is_std, is_stream};
use crate::op::{ConnectUnix, ReceiveFds, SendFds};
use crate::sys::socket;

/// A connection between processes of one machine. Dropping it closes it.
///
/// ```
/// use coframe::Io;
/// use coframe::net::UnixStream;
///
/// #[coframe::coroutine]
/// async fn talk(io: Io) -> std::io::Result<()> {
///     let (mut here, mut there) = UnixStream::pair(io)?;
///     here.write_all(b"hello").await?;
///     let mut buffer = [0; 8];
///     assert_eq!(there.read(&mut buffer).await?, 5);
///     Ok(())
/// }
///
/// fn main() -> std::io::Result<()> {
///     coframe::Runtime::new()?.run(talk)
/// }
/// ```
#[derive(Debug)]
pub struct UnixStream {
    socket: Descriptor,
}

is_descriptor!(UnixStream);
is_std!(UnixStream, StdStream, Short::TellsNothing);
is_stream!(UnixStream);

impl UnixStream {
    pub(crate) fn from_socket(socket: OwnedFd) -> Self {
        UnixStream { socket: Descriptor::new(socket, Short::TellsNothing) }
    }

    pub(crate) const fn new(socket: Descriptor) -> Self {
        UnixStream { socket }
    }

    /// Connects to the socket at `path`.
    ///
    /// While the listener's queue is full this tries again after a pause.
    ///
    /// # Errors
    ///
    /// When awaited: if the runtime has ended, and those of `connect`.
    pub fn connect(io: Io, path: impl AsRef<Path>) -> ConnectUnix {
        let address = SocketAddr::from_pathname(path);
        ConnectUnix::new(io, address.and_then(|address| socket::unix_address(&address)))
    }

    /// Connects to an address, which may be an abstract name.
    ///
    /// # Errors
    ///
    /// As [`connect`](Self::connect).
    pub fn connect_addr(io: Io, address: &SocketAddr) -> ConnectUnix {
        ConnectUnix::new(io, socket::unix_address(address))
    }

    /// Two streams that are connected with each other.
    ///
    /// # Errors
    ///
    /// If the runtime has ended, and those of `socketpair`.
    pub fn pair(io: Io) -> io::Result<(Self, Self)> {
        io.check()?;
        let (first, second) = socket::pair(Type::STREAM)?;
        Ok((Self::from_socket(first), Self::from_socket(second)))
    }

    /// Sends some of `bytes`, and descriptors with the first of them, and gives the number of bytes.
    ///
    /// The receiver gets descriptors of the same files. At most 253 go with one call.
    ///
    /// # Errors
    ///
    /// `InvalidInput` if there are descriptors and no bytes; those of `sendmsg`, for example that
    /// there are too many descriptors, and polling it outside a runtime.
    ///
    /// ```
    /// use std::fs::File;
    /// use std::io::Read;
    /// use std::os::fd::AsFd;
    ///
    /// use coframe::Io;
    /// use coframe::net::UnixStream;
    ///
    /// async fn pass(io: Io) -> std::io::Result<()> {
    ///     let (mut here, mut there) = UnixStream::pair(io)?;
    ///     let zero = File::open("/dev/zero")?;
    ///     here.send_fds(b"zero", [zero.as_fd()]).await?;
    ///     let mut buffer = [1; 8];
    ///     let (count, mut fds) = there.recv_fds::<1>(&mut buffer).await?;
    ///     assert_eq!(&buffer[..count], b"zero");
    ///     let mut file = File::from(fds.next().expect("a descriptor"));
    ///     file.read_exact(&mut buffer)?;
    ///     assert_eq!(buffer, [0; 8]);
    ///     Ok(())
    /// }
    ///
    /// coframe::Runtime::new().unwrap().run(pass).unwrap();
    /// ```
    pub fn send_fds<'a, const N: usize>(
        &'a mut self,
        bytes: &'a [u8],
        fds: [BorrowedFd<'a>; N],
    ) -> SendFds<'a, N> {
        SendFds::new(self.socket.as_fd(), bytes, fds, true)
    }

    /// Reads up to `buffer.len()` bytes and takes up to `N` descriptors that were sent with them; 0
    /// bytes mean that the peer sends no more.
    ///
    /// Descriptors arrive with the first byte that they were sent with. Other reads close them, and
    /// so does this with those that there is no room for.
    ///
    /// # Errors
    ///
    /// Those of `recvmsg`, and polling it outside a runtime.
    pub fn recv_fds<'a, const N: usize>(&'a mut self, buffer: &'a mut [u8]) -> ReceiveFds<'a, N> {
        ReceiveFds::new(self.socket.as_fd(), buffer)
    }

    /// The address of this end.
    ///
    /// # Errors
    ///
    /// Those of `getsockname`.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        socket::local_path(self.socket.as_fd())
    }

    /// The address of the other end.
    ///
    /// # Errors
    ///
    /// Those of `getpeername`.
    pub fn peer_addr(&self) -> io::Result<SocketAddr> {
        socket::peer_path(self.socket.as_fd())
    }
}
