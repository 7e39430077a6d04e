//! The two directions of a stream, apart.

use core::fmt;
use std::error::Error;
use std::io::{self, IoSlice, IoSliceMut};
use std::net::Shutdown;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, RawFd};
use std::sync::Arc;

use super::{
    Peek, Read, ReadVectored, Readable, Receive, ReceiveOwned, SendAllOwned, SendOwned,
    SendZeroCopy, Writable, Write, WriteAll, WriteVectored,
};
use crate::fs::File;
use crate::io::{OwnedBytes, OwnedBytesMut};
use crate::sys::socket;

/// A connection that can be split: a TCP or a Unix stream.
pub trait Stream: AsFd + Sealed {}

/// Keeps [`Stream`] to the streams of this crate.
pub trait Sealed {}

/// The half of a stream that reads. Made by [`TcpStream::split`](super::TcpStream::split).
#[derive(Debug)]
pub struct ReadHalf<'a, S>(&'a S);

/// The half of a stream that writes. Made by [`TcpStream::split`](super::TcpStream::split).
#[derive(Debug)]
pub struct WriteHalf<'a, S>(&'a S);

/// The half of a stream that reads, for another task. Made by
/// [`TcpStream::into_split`](super::TcpStream::into_split).
#[derive(Debug)]
pub struct OwnedReadHalf<S: Stream>(Arc<S>);

/// The half of a stream that writes, for another task. Made by
/// [`TcpStream::into_split`](super::TcpStream::into_split).
///
/// Dropping it ends the direction: the peer reads what was written, and then the end.
#[derive(Debug)]
pub struct OwnedWriteHalf<S: Stream>(Option<Arc<S>>);

/// Two halves that are not of the same stream.
#[derive(Debug)]
pub struct ReuniteError<S: Stream>(pub OwnedReadHalf<S>, pub OwnedWriteHalf<S>);

/// The halves of a stream that stays where it is.
pub(super) const fn borrowed<S: Stream>(stream: &mut S) -> (ReadHalf<'_, S>, WriteHalf<'_, S>) {
    (ReadHalf(stream), WriteHalf(stream))
}

/// The halves of a stream that they own together.
pub(super) fn owned<S: Stream>(stream: S) -> (OwnedReadHalf<S>, OwnedWriteHalf<S>) {
    let stream = Arc::new(stream);
    (OwnedReadHalf(Arc::clone(&stream)), OwnedWriteHalf(Some(stream)))
}

impl<S: Stream> OwnedReadHalf<S> {
    /// Makes the stream whole again.
    ///
    /// # Errors
    ///
    /// If the halves are not of the same stream: then they are given back.
    pub fn reunite(self, write: OwnedWriteHalf<S>) -> Result<S, ReuniteError<S>> {
        let is_same = write.0.as_ref().is_some_and(|stream| Arc::ptr_eq(&self.0, stream));
        if !is_same {
            return Err(ReuniteError(self, write));
        }
        let mut write = write;
        drop(write.0.take());
        Ok(Arc::into_inner(self.0).expect("the other half is gone"))
    }
}

impl<S: Stream> Drop for OwnedWriteHalf<S> {
    fn drop(&mut self) {
        if let Some(stream) = &self.0 {
            // An error means that the connection has ended already.
            let _ = socket::shutdown(stream.as_fd(), Shutdown::Write);
        }
    }
}

impl<S: Stream> fmt::Display for ReuniteError<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the halves are not of the same stream")
    }
}

impl<S: Stream + fmt::Debug> Error for ReuniteError<S> {}

/// The operations of a half that reads. They are those of the whole stream.
macro_rules! reads {
    ($($half:ty),+) => {
        $(impl<S: Stream> $half {
            /// Reads up to `buffer.len()` bytes and gives their number; 0 means that the peer sends
            /// no more.
            #[inline]
            pub fn read<'b>(&'b mut self, buffer: &'b mut [u8]) -> Read<'b> {
                Read::new(self.0.as_fd(), buffer)
            }

            /// Reads into a buffer that is given away meanwhile.
            pub fn read_owned<B: OwnedBytesMut>(&mut self, buffer: B) -> ReceiveOwned<'_, B> {
                ReceiveOwned::new(self.0.as_fd(), buffer)
            }

            /// Reads into several buffers, one after the other.
            pub fn read_vectored<'b>(
                &'b mut self,
                buffers: &'b mut [IoSliceMut<'_>],
            ) -> ReadVectored<'b> {
                ReadVectored::new(self.0.as_fd(), buffers)
            }

            /// Copies bytes that a later read will give.
            pub fn peek<'b>(&'b mut self, buffer: &'b mut [u8]) -> Peek<'b> {
                Peek::new(self.0.as_fd(), buffer)
            }

            /// Waits for bytes, and gives them in a buffer of the runtime's.
            pub fn recv(&mut self) -> Receive<'_> {
                Receive::new(self.0.as_fd())
            }

            /// Reads bytes that are there already; `WouldBlock` if there are none.
            ///
            /// # Errors
            ///
            /// Those of `recv`.
            pub fn try_read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                socket::receive(self.0.as_fd(), buffer)
            }

            /// Waits until there is something to read, or the stream has ended.
            pub fn readable(&self) -> Readable<'_> {
                Readable::new(self.0.as_fd())
            }
        }

        impl<S: Stream> AsRef<S> for $half {
            fn as_ref(&self) -> &S {
                &self.0
            }
        })+
    };
}

/// The operations of a half that writes. They are those of the whole stream.
macro_rules! writes {
    ($($half:ty),+) => {
        $(impl<S: Stream> $half {
            /// Writes some of `bytes` and gives their number.
            #[inline]
            pub fn write<'b>(&'b mut self, bytes: &'b [u8]) -> Write<'b> {
                Write::new(self.stream().as_fd(), bytes)
            }

            /// Writes all of `bytes`.
            #[inline]
            pub fn write_all<'b>(&'b mut self, bytes: &'b [u8]) -> WriteAll<'b> {
                WriteAll::new(self.stream().as_fd(), bytes)
            }

            /// Writes some bytes of a buffer that is given away meanwhile.
            pub fn write_owned<B: OwnedBytes>(&mut self, bytes: B) -> SendOwned<'_, B> {
                SendOwned::new(self.stream().as_fd(), bytes)
            }

            /// Writes all bytes of a buffer that is given away meanwhile.
            pub fn write_all_owned<B: OwnedBytes>(&mut self, bytes: B) -> SendAllOwned<'_, B> {
                SendAllOwned::new(self.stream().as_fd(), bytes)
            }

            /// Writes from several buffers, one after the other.
            pub fn write_vectored<'b>(
                &'b mut self,
                buffers: &'b [IoSlice<'_>],
            ) -> WriteVectored<'b> {
                WriteVectored::new(self.stream().as_fd(), buffers)
            }

            /// Writes some bytes of a buffer, from where they are.
            pub fn write_zero_copy<B: OwnedBytes>(&mut self, bytes: B) -> SendZeroCopy<'_, B> {
                SendZeroCopy::new(self.stream().as_fd(), bytes)
            }

            /// Sends a part of a file, and gives the number of bytes.
            ///
            /// # Errors
            ///
            /// As for the whole stream.
            pub async fn send_file(
                &mut self,
                file: &File,
                offset: u64,
                len: u64,
            ) -> io::Result<u64> {
                crate::op::send_file(self.stream().as_fd(), file, offset, len).await
            }

            /// Writes as much of `bytes` as there is room for; `WouldBlock` if there is none.
            ///
            /// # Errors
            ///
            /// Those of `send`.
            pub fn try_write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                socket::send(self.stream().as_fd(), bytes)
            }

            /// Waits until there is room to write, or the peer has gone.
            pub fn writable(&self) -> Writable<'_> {
                Writable::new(self.stream().as_fd())
            }

            /// Ends this direction: the peer reads what was written, and then the end.
            ///
            /// # Errors
            ///
            /// Those of `shutdown`.
            pub fn shutdown(&mut self) -> io::Result<()> {
                socket::shutdown(self.stream().as_fd(), Shutdown::Write)
            }
        })+
    };
}

reads!(ReadHalf<'_, S>, OwnedReadHalf<S>);
writes!(WriteHalf<'_, S>, OwnedWriteHalf<S>);

/// Lets a half be used as a descriptor.
macro_rules! is_descriptor {
    ($($half:ty),+) => {
        $(impl<S: Stream> AsFd for $half {
            fn as_fd(&self) -> BorrowedFd<'_> {
                self.as_ref().as_fd()
            }
        }

        impl<S: Stream> AsRawFd for $half {
            fn as_raw_fd(&self) -> RawFd {
                self.as_fd().as_raw_fd()
            }
        })+
    };
}

is_descriptor!(ReadHalf<'_, S>, WriteHalf<'_, S>, OwnedReadHalf<S>, OwnedWriteHalf<S>);

impl<S> WriteHalf<'_, S> {
    const fn stream(&self) -> &S {
        self.0
    }
}

impl<S: Stream> OwnedWriteHalf<S> {
    fn stream(&self) -> &S {
        self.0.as_ref().expect("only reuniting and the destructor leave it empty")
    }
}

impl<S: Stream> AsRef<S> for WriteHalf<'_, S> {
    fn as_ref(&self) -> &S {
        self.stream()
    }
}

impl<S: Stream> AsRef<S> for OwnedWriteHalf<S> {
    fn as_ref(&self) -> &S {
        self.stream()
    }
}
