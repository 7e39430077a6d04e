//! The input and the outputs of the process.
//!
//! They are shared with other processes, so they are not made non-blocking: the ring or a thread
//! reads and writes them, with copies that it owns.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, RawFd};
use std::sync::Arc;

use super::{AsyncRead, AsyncWrite, Io};
use crate::op::{ReadOwned, WriteOwned};
use crate::sys::file::HERE;

/// The input of the process. Made by [`stdin`].
#[derive(Debug)]
pub struct Stdin {
    file: Arc<File>,
    /// Bytes that were read and not handed out, from `start`.
    bytes: Vec<u8>,
    start: usize,
    /// A read that goes on, although the future that began it may be gone.
    read: Option<ReadOwned>,
}

/// The output of the process. Made by [`stdout`].
#[derive(Debug)]
pub struct Stdout {
    file: Arc<File>,
}

/// The output of the process for errors. Made by [`stderr`].
#[derive(Debug)]
pub struct Stderr {
    file: Arc<File>,
}

/// The most bytes that are read or written at once.
const STEP: usize = 64 << 10;

fn take(io: Io, descriptor: BorrowedFd<'_>) -> io::Result<Arc<File>> {
    io.check()?;
    Ok(Arc::new(descriptor.try_clone_to_owned()?.into()))
}

/// The input of the process, without a buffer.
///
/// # Errors
///
/// If the runtime has ended, or if the process has no descriptors left.
pub fn stdin(io: Io) -> io::Result<Stdin> {
    let file = take(io, io::stdin().as_fd())?;
    Ok(Stdin { file, bytes: Vec::new(), start: 0, read: None })
}

/// The output of the process, without a buffer.
///
/// # Errors
///
/// As [`stdin`].
pub fn stdout(io: Io) -> io::Result<Stdout> {
    Ok(Stdout { file: take(io, io::stdout().as_fd())? })
}

/// The output of the process for errors, without a buffer.
///
/// # Errors
///
/// As [`stdin`].
pub fn stderr(io: Io) -> io::Result<Stderr> {
    Ok(Stderr { file: take(io, io::stderr().as_fd())? })
}

impl Stdin {
    /// Reads some bytes and gives their number; 0 is the end.
    ///
    /// Dropping the future loses nothing: what it would have read is given to the next one.
    ///
    /// # Errors
    ///
    /// Those of `read`, and polling it outside a runtime.
    pub const fn read<'a>(&'a mut self, buffer: &'a mut [u8]) -> ReadStdin<'a> {
        ReadStdin { stdin: self, buffer }
    }

    fn poll_read(
        &mut self,
        context: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        if self.start == self.bytes.len() && !buffer.is_empty() {
            let read = self.read.get_or_insert_with(|| {
                let mut bytes = core::mem::take(&mut self.bytes);
                self.start = 0;
                bytes.resize(buffer.len().min(STEP), 0);
                ReadOwned::new(&self.file, bytes, HERE)
            });
            let (result, mut bytes) = ready!(Pin::new(read).poll(context));
            self.read = None;
            bytes.truncate(result.as_ref().map_or(0, |count| *count));
            (self.bytes, self.start) = (bytes, 0);
            result?;
        }
        let rest = &self.bytes[self.start..];
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.start += count;
        Poll::Ready(Ok(count))
    }
}

/// Reads from the input of the process. Made by [`Stdin::read`].
#[derive(Debug)]
#[must_use = "an operation does nothing unless it is awaited"]
pub struct ReadStdin<'a> {
    stdin: &'a mut Stdin,
    buffer: &'a mut [u8],
}

impl Future for ReadStdin<'_> {
    type Output = io::Result<usize>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let read = &mut *self;
        read.stdin.poll_read(context, read.buffer)
    }
}

impl AsyncRead for Stdin {
    type Read<'a> = ReadStdin<'a>;

    fn read<'a>(&'a mut self, buffer: &'a mut [u8]) -> ReadStdin<'a> {
        Stdin::read(self, buffer)
    }
}

/// Writes to an output of the process. Made by [`Stdout::write`] and [`Stderr::write`].
///
/// Dropping it before it is done is safe, but then it is unknown how many of the bytes were written,
/// and the rest may be written a moment later.
#[derive(Debug)]
#[must_use = "an operation does nothing unless it is awaited"]
pub struct WriteStd<'a> {
    file: &'a Arc<File>,
    bytes: &'a [u8],
    write: Option<WriteOwned>,
}

impl Future for WriteStd<'_> {
    type Output = io::Result<usize>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let WriteStd { file, bytes, write } = &mut *self;
        let write = write.get_or_insert_with(|| {
            WriteOwned::new(file, bytes[..bytes.len().min(STEP)].to_vec(), HERE)
        });
        Pin::new(write).poll(context).map(|(result, _)| result)
    }
}

/// What both outputs can do.
macro_rules! is_output {
    ($($name:ident),+) => {
        $(impl $name {
            /// Writes some of `bytes` and gives their number.
            ///
            /// # Errors
            ///
            /// Those of `write`, and polling it outside a runtime.
            pub const fn write<'a>(&'a mut self, bytes: &'a [u8]) -> WriteStd<'a> {
                WriteStd { file: &self.file, bytes, write: None }
            }

            /// Writes all of `bytes`.
            ///
            /// # Errors
            ///
            /// As `write`; then it is unknown how many of the bytes were written.
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

        impl AsyncWrite for $name {
            type Write<'a> = WriteStd<'a>;

            fn write<'a>(&'a mut self, bytes: &'a [u8]) -> WriteStd<'a> {
                $name::write(self, bytes)
            }
        })+
    };
}

is_output!(Stdout, Stderr);

/// Lets them be used as descriptors.
macro_rules! is_descriptor {
    ($($name:ident),+) => {
        $(impl AsFd for $name {
            fn as_fd(&self) -> BorrowedFd<'_> {
                self.file.as_fd()
            }
        }

        impl AsRawFd for $name {
            fn as_raw_fd(&self) -> RawFd {
                self.file.as_raw_fd()
            }
        })+
    };
}

is_descriptor!(Stdin, Stdout, Stderr);
