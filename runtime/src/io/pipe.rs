//! Pipes.

use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};
use std::process::{ChildStderr, ChildStdin, ChildStdout};

use super::{AsyncRead, AsyncWrite, Io};
use crate::descriptor::{Descriptor, Short};
use crate::op::{ReadPipe, Readable, Writable, WritePipe};
use crate::sys::pipe as sys;

/// The end of a pipe that is read.
#[derive(Debug)]
pub struct PipeReader {
    pipe: Descriptor,
}

/// The end of a pipe that is written.
///
/// Writing when nobody reads any more is an error in a program that ignores `SIGPIPE`, as Rust
/// programs do unless they are told not to.
#[derive(Debug)]
pub struct PipeWriter {
    pipe: Descriptor,
}

/// A pipe: what is written to the one end can be read from the other.
///
/// # Errors
///
/// If the runtime has ended, and those of `pipe`.
pub fn pipe(io: Io) -> io::Result<(PipeReader, PipeWriter)> {
    io.check()?;
    let (reader, writer) = sys::pipe()?;
    Ok((PipeReader::from_end(reader), PipeWriter::from_end(writer)))
}

impl PipeReader {
    fn from_end(end: OwnedFd) -> Self {
        PipeReader { pipe: Descriptor::new(end, Short::TellsNothing) }
    }

    /// Takes the end of a pipe over, or whatever else can be read without blocking.
    ///
    /// # Errors
    ///
    /// If it cannot be made non-blocking.
    pub fn from_fd(end: OwnedFd) -> io::Result<Self> {
        sys::set_nonblocking(end.as_fd())?;
        Ok(Self::from_end(end))
    }

    /// Reads up to `buffer.len()` bytes and gives their number; 0 means that nobody writes any more.
    ///
    /// # Errors
    ///
    /// Those of `read`, and polling it outside a runtime.
    pub fn read<'a>(&'a mut self, buffer: &'a mut [u8]) -> ReadPipe<'a> {
        ReadPipe::new(self.pipe.as_fd(), buffer)
    }

    /// Waits until there is something to read, or nobody writes any more.
    ///
    /// # Errors
    ///
    /// Polling it outside a runtime.
    pub fn readable(&self) -> Readable<'_> {
        Readable::new(self.pipe.as_fd())
    }
}

impl PipeWriter {
    fn from_end(end: OwnedFd) -> Self {
        PipeWriter { pipe: Descriptor::new(end, Short::TellsNothing) }
    }

    /// Takes the end of a pipe over, or whatever else can be written without blocking.
    ///
    /// # Errors
    ///
    /// If it cannot be made non-blocking.
    pub fn from_fd(end: OwnedFd) -> io::Result<Self> {
        sys::set_nonblocking(end.as_fd())?;
        Ok(Self::from_end(end))
    }

    /// Writes some of `bytes` and gives their number.
    ///
    /// # Errors
    ///
    /// Those of `write`, for example that nobody reads any more, and polling it outside a runtime.
    pub fn write<'a>(&'a mut self, bytes: &'a [u8]) -> WritePipe<'a> {
        WritePipe::new(self.pipe.as_fd(), bytes)
    }

    /// Waits until there is room to write, or nobody reads any more.
    ///
    /// # Errors
    ///
    /// Polling it outside a runtime.
    pub fn writable(&self) -> Writable<'_> {
        Writable::new(self.pipe.as_fd())
    }

    /// Writes all of `bytes`.
    ///
    /// # Errors
    ///
    /// As [`write`](Self::write); then it is unknown how many of the bytes were written.
    pub async fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut done = 0;
        while done < bytes.len() {
            match self.write(&bytes[done..]).await? {
                0 => return Err(io::ErrorKind::WriteZero.into()),
                count => done += count,
            }
        }
        Ok(())
    }
}

/// Takes ends of pipes over that the standard library has made.
macro_rules! from_std {
    ($($name:ident: $($std:ty),+;)+) => {
        $($(impl TryFrom<$std> for $name {
            type Error = io::Error;

            fn try_from(end: $std) -> io::Result<Self> {
                $name::from_fd(end.into())
            }
        })+)+
    };
}

from_std! {
    PipeReader: OwnedFd, io::PipeReader, ChildStdout, ChildStderr;
    PipeWriter: OwnedFd, io::PipeWriter, ChildStdin;
}

impl AsyncRead for PipeReader {
    type Read<'a> = ReadPipe<'a>;

    fn read<'a>(&'a mut self, buffer: &'a mut [u8]) -> ReadPipe<'a> {
        PipeReader::read(self, buffer)
    }
}

impl AsyncWrite for PipeWriter {
    type Write<'a> = WritePipe<'a>;

    fn write<'a>(&'a mut self, bytes: &'a [u8]) -> WritePipe<'a> {
        PipeWriter::write(self, bytes)
    }
}

/// Lets both ends be used as descriptors.
macro_rules! is_pipe {
    ($($name:ident),+) => {
        $(impl AsFd for $name {
            fn as_fd(&self) -> BorrowedFd<'_> {
                self.pipe.as_fd()
            }
        }

        impl AsRawFd for $name {
            fn as_raw_fd(&self) -> RawFd {
                self.pipe.as_fd().as_raw_fd()
            }
        }

        impl From<$name> for OwnedFd {
            fn from(end: $name) -> Self {
                end.pipe.into_inner()
            }
        })+
    };
}

is_pipe!(PipeReader, PipeWriter);
