//! Sockets: TCP, UDP and Unix.
//!
//! A socket is a descriptor and nothing else. An operation on it uses the runtime of the thread
//! that polls it first; polled where no runtime runs, it gives an error.
//!
//! | | stream | datagrams |
//! |---|---|---|
//! | IP | [`TcpListener`], [`TcpStream`], [`TcpSocket`] | [`UdpSocket`] |
//! | Unix | [`UnixListener`], [`UnixStream`] | [`UnixDatagram`] |

#![forbid(unsafe_code)]

mod lookup;
mod split;
mod tcp;
mod udp;
mod unix;

pub use lookup::lookup_host;
pub use split::{OwnedReadHalf, OwnedWriteHalf, ReadHalf, ReuniteError, Stream, WriteHalf};
pub use tcp::{Keepalive, TcpListener, TcpSocket, TcpStream};
pub use udp::UdpSocket;
pub use unix::{UnixDatagram, UnixListener, UnixStream};

pub use crate::blocking::Call;
pub use crate::op::{
    Accept, AcceptUnix, Connect, ConnectSocket, ConnectUnix, Peek, Read, ReadVectored, Readable,
    Receive, ReceiveFds, ReceiveFrom, ReceiveFromUnix, ReceiveOwned, ReceivedFds, SendAllOwned,
    SendDatagram, SendFds, SendOwned, SendTo, SendToUnix, SendZeroCopy, Writable, Write, WriteAll,
    WriteVectored,
};
pub use crate::pool::Lease;

/// Lets a type that has a descriptor in a field `socket` be used as one.
macro_rules! is_descriptor {
    ($name:ident) => {
        impl std::os::fd::AsFd for $name {
            fn as_fd(&self) -> std::os::fd::BorrowedFd<'_> {
                self.socket.as_fd()
            }
        }

        impl std::os::fd::AsRawFd for $name {
            fn as_raw_fd(&self) -> std::os::fd::RawFd {
                std::os::fd::AsRawFd::as_raw_fd(&self.socket.as_fd())
            }
        }

        impl From<$name> for std::os::fd::OwnedFd {
            fn from(socket: $name) -> Self {
                socket.socket.into_inner()
            }
        }
    };
}

/// Makes a type from the library's, and the library's from it.
macro_rules! is_std {
    ($name:ident, $std:ty, $short:expr) => {
        impl $name {
            /// Takes a socket of the standard library over.
            ///
            /// # Errors
            ///
            /// If the socket cannot be made non-blocking.
            pub fn from_std(socket: $std) -> std::io::Result<Self> {
                socket.set_nonblocking(true)?;
                let socket = crate::descriptor::Descriptor::new(socket.into(), $short);
                Ok($name { socket })
            }

            /// Gives the socket to the standard library, which blocks on it again.
            ///
            /// # Errors
            ///
            /// If the socket cannot be made blocking.
            pub fn into_std(self) -> std::io::Result<$std> {
                let socket = <$std>::from(self.socket.into_inner());
                socket.set_nonblocking(false)?;
                Ok(socket)
            }
        }

        impl TryFrom<$name> for $std {
            type Error = std::io::Error;

            fn try_from(socket: $name) -> std::io::Result<Self> {
                socket.into_std()
            }
        }

        impl TryFrom<std::os::fd::OwnedFd> for $name {
            type Error = std::io::Error;

            /// Takes a socket over. Whether it is one of this kind is seen when it is used.
            fn try_from(socket: std::os::fd::OwnedFd) -> std::io::Result<Self> {
                $name::from_std(<$std>::from(socket))
            }
        }

        impl TryFrom<$std> for $name {
            type Error = std::io::Error;

            fn try_from(socket: $std) -> std::io::Result<Self> {
                $name::from_std(socket)
            }
        }
    };
}

/// What all streams can do.
macro_rules! is_stream {
    ($name:ident) => {
        impl $name {
            /// Reads up to `buffer.len()` bytes and gives their number; 0 means that the peer sends
            /// no more.
            ///
            /// If the buffer and the returned future both lie in the frame of a spawned coroutine,
            /// the kernel writes straight into the buffer.
            ///
            /// # Errors
            ///
            /// Those of `recv`, for example that the peer has reset the connection, and polling it
            /// outside a runtime.
            #[inline]
            pub fn read<'a>(&'a mut self, buffer: &'a mut [u8]) -> crate::net::Read<'a> {
                crate::net::Read::new(self.socket.as_fd(), buffer)
            }

            /// Reads up to `buffer.bytes().len()` bytes into a buffer that is given away meanwhile, and
            /// gives their number and the buffer.
            ///
            /// The kernel gets the buffer wherever it is, if the future lies in the frame of a spawned
            /// coroutine.
            ///
            /// # Errors
            ///
            /// As [`read`](Self::read).
            pub fn read_owned<B: crate::io::OwnedBytesMut>(
                &mut self,
                buffer: B,
            ) -> crate::net::ReceiveOwned<'_, B> {
                crate::net::ReceiveOwned::new(self.socket.as_fd(), buffer)
            }

            /// Reads into several buffers, one after the other, and gives the number of bytes.
            ///
            /// # Errors
            ///
            /// Those of `recvmsg`, and polling it outside a runtime.
            pub fn read_vectored<'a>(
                &'a mut self,
                buffers: &'a mut [std::io::IoSliceMut<'_>],
            ) -> crate::net::ReadVectored<'a> {
                crate::net::ReadVectored::new(self.socket.as_fd(), buffers)
            }

            /// Copies up to `buffer.len()` bytes that a later read will give, and waits for the first.
            ///
            /// # Errors
            ///
            /// Those of `recv`, and polling it outside a runtime.
            pub fn peek<'a>(&'a mut self, buffer: &'a mut [u8]) -> crate::net::Peek<'a> {
                crate::net::Peek::new(self.socket.as_fd(), buffer)
            }

            /// Waits for bytes, and gives them in a buffer of the runtime's, which gets it back when
            /// what this gives is dropped. No bytes mean that the peer sends no more.
            ///
            /// So a connection that waits takes no memory for a buffer. There are as many buffers, of
            /// the size, that [`Builder::receive_buffers`](crate::Builder::receive_buffers) says; if
            /// all are in use, this waits until one is given back, in the order of arrival.
            ///
            /// # Errors
            ///
            /// Those of `recv`, polling it outside a runtime, and `OutOfMemory` if there is none for
            /// the buffers.
            pub fn recv(&mut self) -> crate::net::Receive<'_> {
                crate::net::Receive::new(self.socket.as_fd())
            }

            /// Reads bytes that are there already; `WouldBlock` if there are none.
            ///
            /// # Errors
            ///
            /// Those of `recv`.
            pub fn try_read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
                crate::sys::socket::receive(self.socket.as_fd(), buffer)
            }

            /// Writes some of `bytes` and gives their number.
            ///
            /// # Errors
            ///
            /// Those of `send`; a closed peer is an error, never a signal. Also polling it outside a
            /// runtime.
            #[inline]
            pub fn write<'a>(&'a mut self, bytes: &'a [u8]) -> crate::net::Write<'a> {
                crate::net::Write::new(self.socket.as_fd(), bytes)
            }

            /// Writes all of `bytes`.
            ///
            /// # Errors
            ///
            /// As [`write`](Self::write); then it is unknown how many of the bytes were written.
            #[inline]
            pub fn write_all<'a>(&'a mut self, bytes: &'a [u8]) -> crate::net::WriteAll<'a> {
                crate::net::WriteAll::new(self.socket.as_fd(), bytes)
            }

            /// Writes some of the bytes of a buffer that is given away meanwhile, and gives their number
            /// and the buffer.
            ///
            /// A [`Lease`](crate::net::Lease) is sent on in this way without a copy.
            ///
            /// # Errors
            ///
            /// As [`write`](Self::write).
            pub fn write_owned<B: crate::io::OwnedBytes>(
                &mut self,
                bytes: B,
            ) -> crate::net::SendOwned<'_, B> {
                crate::net::SendOwned::new(self.socket.as_fd(), bytes)
            }

            /// Writes all bytes of a buffer that is given away meanwhile, and gives it back.
            ///
            /// # Errors
            ///
            /// As [`write_all`](Self::write_all).
            pub fn write_all_owned<B: crate::io::OwnedBytes>(
                &mut self,
                bytes: B,
            ) -> crate::net::SendAllOwned<'_, B> {
                crate::net::SendAllOwned::new(self.socket.as_fd(), bytes)
            }

            /// Writes from several buffers, one after the other, and gives the number of bytes.
            ///
            /// # Errors
            ///
            /// Those of `sendmsg`, and polling it outside a runtime.
            pub fn write_vectored<'a>(
                &'a mut self,
                buffers: &'a [std::io::IoSlice<'_>],
            ) -> crate::net::WriteVectored<'a> {
                crate::net::WriteVectored::new(self.socket.as_fd(), buffers)
            }

            /// Writes some of the bytes of a buffer that is given away meanwhile, and gives their number
            /// and the buffer. The kernel sends them from where they are.
            ///
            /// It is for buffers of many kilobytes, and done when the kernel needs them no more: for
            /// TCP that is when the peer has acknowledged them. Small buffers are copied, and so are
            /// large ones where the kernel or the kind of the socket knows no better.
            ///
            /// # Errors
            ///
            /// As [`write`](Self::write).
            pub fn write_zero_copy<B: crate::io::OwnedBytes>(
                &mut self,
                bytes: B,
            ) -> crate::net::SendZeroCopy<'_, B> {
                crate::net::SendZeroCopy::new(self.socket.as_fd(), bytes)
            }

            /// Sends `len` bytes of a file from `offset` on, and gives their number, which is less if
            /// the file ends before.
            ///
            /// The bytes do not pass through the memory of the program, where the system can do
            /// without. A thread that may block reads them.
            ///
            /// Dropping the future is safe, but then it is unknown how many of the bytes were sent, and
            /// some may be sent a moment later.
            ///
            /// # Errors
            ///
            /// Those of `sendfile`, and polling it outside a runtime. A closed peer is an error in a
            /// program that ignores `SIGPIPE`, as Rust programs do unless they are told not to.
            pub async fn send_file(
                &mut self,
                file: &crate::fs::File,
                offset: u64,
                len: u64,
            ) -> std::io::Result<u64> {
                crate::op::send_file(self.socket.as_fd(), file, offset, len).await
            }

            /// Writes as much of `bytes` as there is room for; `WouldBlock` if there is none.
            ///
            /// # Errors
            ///
            /// Those of `send`.
            pub fn try_write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
                crate::sys::socket::send(self.socket.as_fd(), bytes)
            }

            /// Waits until there is something to read, or the stream has ended.
            ///
            /// # Errors
            ///
            /// Polling it outside a runtime.
            pub fn readable(&self) -> crate::net::Readable<'_> {
                crate::net::Readable::new(self.socket.as_fd())
            }

            /// Waits until there is room to write, or the peer has gone.
            ///
            /// # Errors
            ///
            /// Polling it outside a runtime.
            pub fn writable(&self) -> crate::net::Writable<'_> {
                crate::net::Writable::new(self.socket.as_fd())
            }

            /// Ends one or both directions. It does not block.
            ///
            /// After `Shutdown::Write` the peer reads what was written and then the end, and what it
            /// sends can still be read.
            ///
            /// # Errors
            ///
            /// Those of `shutdown`, for example that the connection is closed already.
            pub fn shutdown(&self, how: std::net::Shutdown) -> std::io::Result<()> {
                crate::sys::socket::shutdown(self.socket.as_fd(), how)
            }

            /// Two halves that can be used at the same time.
            pub fn split(
                &mut self,
            ) -> (crate::net::ReadHalf<'_, $name>, crate::net::WriteHalf<'_, $name>) {
                crate::net::split::borrowed(self)
            }

            /// Two halves that can go to different tasks. This allocates once.
            ///
            /// Dropping the half that writes ends that direction.
            pub fn into_split(
                self,
            ) -> (crate::net::OwnedReadHalf<$name>, crate::net::OwnedWriteHalf<$name>) {
                crate::net::split::owned(self)
            }

            /// The error that the socket has had since this was called last.
            ///
            /// # Errors
            ///
            /// Those of `getsockopt`.
            pub fn take_error(&self) -> std::io::Result<Option<std::io::Error>> {
                crate::sys::socket::options(&self.socket.as_fd()).take_error()
            }
        }

        impl crate::net::split::Sealed for $name {}

        impl crate::net::Stream for $name {}
    };
}

use {is_descriptor, is_std, is_stream};
