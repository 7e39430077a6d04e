//! What can be read from and written to.

use core::future::Future;
use std::io;

use crate::fs::File;
use crate::net::{
    OwnedReadHalf, OwnedWriteHalf, ReadHalf, Stream, TcpStream, UnixStream, WriteHalf,
};
use crate::op::{Read, ReadAt, Write, WriteAt};

/// A source of bytes.
///
/// Its operations are named types at their exact size, so that whoever awaits them knows his frame.
pub trait AsyncRead {
    /// Reads some bytes.
    type Read<'a>: Future<Output = io::Result<usize>>
    where
        Self: 'a;

    /// Reads up to `buffer.len()` bytes and gives their number; 0 is the end.
    fn read<'a>(&'a mut self, buffer: &'a mut [u8]) -> Self::Read<'a>;
}

/// A sink of bytes.
pub trait AsyncWrite {
    /// Writes some bytes.
    type Write<'a>: Future<Output = io::Result<usize>>
    where
        Self: 'a;

    /// Writes some of `bytes` and gives their number.
    fn write<'a>(&'a mut self, bytes: &'a [u8]) -> Self::Write<'a>;

    /// Says that nothing more will be written, to whoever can be told.
    ///
    /// # Errors
    ///
    /// That the connection has ended already, for example.
    fn end(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<R: AsyncRead + ?Sized> AsyncRead for &mut R {
    type Read<'a>
        = R::Read<'a>
    where
        Self: 'a;

    fn read<'a>(&'a mut self, buffer: &'a mut [u8]) -> Self::Read<'a> {
        (**self).read(buffer)
    }
}

impl<W: AsyncWrite + ?Sized> AsyncWrite for &mut W {
    type Write<'a>
        = W::Write<'a>
    where
        Self: 'a;

    fn write<'a>(&'a mut self, bytes: &'a [u8]) -> Self::Write<'a> {
        (**self).write(bytes)
    }

    fn end(&mut self) -> io::Result<()> {
        (**self).end()
    }
}

/// Passes reads on to the type's own.
macro_rules! reads {
    ($([$($generics:tt)*] $name:ty: $read:ident;)+) => {
        $(impl<$($generics)*> AsyncRead for $name {
            type Read<'a>
                = $read<'a>
            where
                Self: 'a;

            fn read<'a>(&'a mut self, buffer: &'a mut [u8]) -> Self::Read<'a> {
                <$name>::read(self, buffer)
            }
        })+
    };
}

/// Passes writes on to the type's own.
macro_rules! writes {
    ($([$($generics:tt)*] $name:ty: $write:ident, |$self:ident| $end:expr;)+) => {
        $(impl<$($generics)*> AsyncWrite for $name {
            type Write<'a>
                = $write<'a>
            where
                Self: 'a;

            fn write<'a>(&'a mut self, bytes: &'a [u8]) -> Self::Write<'a> {
                <$name>::write(self, bytes)
            }

            fn end(&mut self) -> io::Result<()> {
                let $self = self;
                $end
            }
        })+
    };
}

reads! {
    [] TcpStream: Read;
    [] UnixStream: Read;
    [S: Stream] ReadHalf<'_, S>: Read;
    [S: Stream] OwnedReadHalf<S>: Read;
    [] File: ReadAt;
}

writes! {
    [] TcpStream: Write, |stream| stream.shutdown(std::net::Shutdown::Write);
    [] UnixStream: Write, |stream| stream.shutdown(std::net::Shutdown::Write);
    [S: Stream] WriteHalf<'_, S>: Write, |half| half.shutdown();
    [S: Stream] OwnedWriteHalf<S>: Write, |half| half.shutdown();
    [] File: WriteAt, |_file| Ok(());
}
