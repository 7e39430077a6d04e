//! An open file.

use std::fs::{File as StdFile, Metadata, Permissions};
use std::io::{self, IoSlice, IoSliceMut, Seek as _, SeekFrom};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};
use std::path::Path;
use std::sync::Arc;

use super::OpenOptions;
use crate::Io;
use crate::blocking::Call;
use crate::op::{
    Open, ReadAt, ReadOwned, ReadVectoredAt, SetLen, SyncFile, WriteAt, WriteOwned, WriteVectoredAt,
};
use crate::sys::file::{self, HERE, Use};

/// An open file.
///
/// What has `_at` in its name works at a place in the file, and any number of tasks may do so at the
/// same time. The others work where the file stands, and move that place.
///
/// A read or a write goes straight to the kernel if it and its buffer lie in the frame of a spawned
/// coroutine and the driver is the ring. Otherwise up to a mebibyte is copied. The variants with
/// `owned` in their names take the buffer itself and never copy.
///
/// Dropping the file closes it, when operations on it that are under way are done.
#[derive(Debug)]
pub struct File {
    file: Arc<StdFile>,
}

/// How a part of a file will be used, so that the kernel can prepare for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Advice {
    /// Nothing in particular.
    Normal,
    /// From its beginning to its end.
    Sequential,
    /// At places that are hard to foresee.
    Random,
    /// Soon.
    WillNeed,
    /// Not any more.
    DontNeed,
    /// Once.
    NoReuse,
}

impl File {
    pub(crate) fn new(file: OwnedFd) -> Self {
        File { file: Arc::new(file.into()) }
    }

    /// The file, as operations hold it.
    pub(crate) const fn shared(&self) -> &Arc<StdFile> {
        &self.file
    }

    /// Opens a file to read it.
    ///
    /// # Errors
    ///
    /// If the runtime has ended, and those of `open`.
    pub fn open(io: Io, path: impl AsRef<Path>) -> Open {
        OpenOptions::new().read(true).open(io, path)
    }

    /// Opens a file to write it, empties it, and makes it if it is not there.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub fn create(io: Io, path: impl AsRef<Path>) -> Open {
        OpenOptions::new().write(true).create(true).truncate(true).open(io, path)
    }

    /// Takes a file of the standard library over.
    pub fn from_std(file: StdFile) -> Self {
        File { file: Arc::new(file) }
    }

    /// Gives the file to the standard library.
    ///
    /// # Errors
    ///
    /// Gives the file back while an operation on it is under way.
    pub fn into_std(self) -> Result<StdFile, Self> {
        Arc::try_unwrap(self.file).map_err(|file| File { file })
    }

    /// Reads up to `buffer.len()` bytes at `offset` and gives their number; 0 is the end.
    ///
    /// # Errors
    ///
    /// Those of `pread`, and polling it outside a runtime.
    #[inline]
    pub fn read_at<'a>(&'a self, buffer: &'a mut [u8], offset: u64) -> ReadAt<'a> {
        ReadAt::new(&self.file, buffer, offset)
    }

    /// Writes some of `bytes` at `offset` and gives their number.
    ///
    /// # Errors
    ///
    /// Those of `pwrite`, and polling it outside a runtime.
    #[inline]
    pub fn write_at<'a>(&'a self, bytes: &'a [u8], offset: u64) -> WriteAt<'a> {
        WriteAt::new(&self.file, bytes, offset)
    }

    /// Reads up to `buffer.len()` bytes where the file stands and gives their number; 0 is the end.
    ///
    /// # Errors
    ///
    /// Those of `read`, and polling it outside a runtime.
    pub fn read<'a>(&'a mut self, buffer: &'a mut [u8]) -> ReadAt<'a> {
        ReadAt::new(&self.file, buffer, HERE)
    }

    /// Writes some of `bytes` where the file stands, or at its end if it was opened to append, and
    /// gives their number.
    ///
    /// # Errors
    ///
    /// Those of `write`, and polling it outside a runtime.
    pub fn write<'a>(&'a mut self, bytes: &'a [u8]) -> WriteAt<'a> {
        WriteAt::new(&self.file, bytes, HERE)
    }

    /// Reads up to `buffer.len()` bytes at `offset`, and gives their number and the buffer.
    pub fn read_owned_at(&self, buffer: Vec<u8>, offset: u64) -> ReadOwned {
        ReadOwned::new(&self.file, buffer, offset)
    }

    /// Writes some of the bytes at `offset`, and gives their number and the buffer.
    pub fn write_owned_at(&self, bytes: Vec<u8>, offset: u64) -> WriteOwned {
        WriteOwned::new(&self.file, bytes, offset)
    }

    /// Reads up to `buffer.len()` bytes where the file stands, and gives their number and the buffer.
    pub fn read_owned(&mut self, buffer: Vec<u8>) -> ReadOwned {
        ReadOwned::new(&self.file, buffer, HERE)
    }

    /// Writes some of the bytes where the file stands, and gives their number and the buffer.
    pub fn write_owned(&mut self, bytes: Vec<u8>) -> WriteOwned {
        WriteOwned::new(&self.file, bytes, HERE)
    }

    /// Reads into several buffers, one after the other, at `offset`, and gives the number of bytes.
    ///
    /// # Errors
    ///
    /// Those of `preadv`, and polling it outside a runtime.
    pub fn read_vectored_at<'a>(
        &'a self,
        buffers: &'a mut [IoSliceMut<'_>],
        offset: u64,
    ) -> ReadVectoredAt<'a> {
        ReadVectoredAt::new(&self.file, buffers, offset)
    }

    /// Writes from several buffers, one after the other, at `offset`, and gives the number of bytes.
    ///
    /// # Errors
    ///
    /// Those of `pwritev`, and polling it outside a runtime.
    pub fn write_vectored_at<'a>(
        &'a self,
        buffers: &'a [IoSlice<'_>],
        offset: u64,
    ) -> WriteVectoredAt<'a> {
        WriteVectoredAt::new(&self.file, buffers, offset)
    }

    /// Reads into several buffers, one after the other, where the file stands.
    ///
    /// # Errors
    ///
    /// Those of `readv`, and polling it outside a runtime.
    pub fn read_vectored<'a>(
        &'a mut self,
        buffers: &'a mut [IoSliceMut<'_>],
    ) -> ReadVectoredAt<'a> {
        ReadVectoredAt::new(&self.file, buffers, HERE)
    }

    /// Writes from several buffers, one after the other, where the file stands, or at its end if it was
    /// opened to append.
    ///
    /// # Errors
    ///
    /// Those of `writev`, and polling it outside a runtime.
    pub fn write_vectored<'a>(&'a mut self, buffers: &'a [IoSlice<'_>]) -> WriteVectoredAt<'a> {
        WriteVectoredAt::new(&self.file, buffers, HERE)
    }

    /// Fills the buffer with the bytes at `offset`.
    ///
    /// # Errors
    ///
    /// Those of `pread`; `UnexpectedEof` if the file ends before.
    pub async fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        let mut done = 0;
        while done < buffer.len() {
            match self.read_at(&mut buffer[done..], offset + done as u64).await? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                count => done += count,
            }
        }
        Ok(())
    }

    /// Writes all of `bytes` at `offset`.
    ///
    /// # Errors
    ///
    /// Those of `pwrite`; then it is unknown how many of the bytes were written.
    pub async fn write_all_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        let mut done = 0;
        while done < bytes.len() {
            match self.write_at(&bytes[done..], offset + done as u64).await? {
                0 => return Err(io::ErrorKind::WriteZero.into()),
                count => done += count,
            }
        }
        Ok(())
    }

    /// Writes all of `bytes` where the file stands.
    ///
    /// # Errors
    ///
    /// Those of `write`; then it is unknown how many of the bytes were written.
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

    /// Appends the rest of the file to `bytes`, and gives the number of bytes.
    ///
    /// # Errors
    ///
    /// Those of `read`; what was read before is in `bytes`.
    pub async fn read_to_end(&mut self, bytes: &mut Vec<u8>) -> io::Result<usize> {
        const STEP: usize = 32 << 10;
        let before = bytes.len();
        loop {
            let end = bytes.len();
            bytes.resize(end + STEP, 0);
            let result = self.read(&mut bytes[end..]).await;
            bytes.truncate(end + result.as_ref().map_or(0, |count| *count));
            if result? == 0 {
                return Ok(bytes.len() - before);
            }
        }
    }

    /// Moves the place where the file stands. It does not block.
    ///
    /// # Errors
    ///
    /// Those of `lseek`.
    pub fn seek(&mut self, place: SeekFrom) -> io::Result<u64> {
        (&*self.file).seek(place)
    }

    /// Waits until all that was written is on the disk.
    ///
    /// # Errors
    ///
    /// Those of `fsync`: then it is unknown what is on the disk.
    pub fn sync_all(&self) -> SyncFile<'_> {
        SyncFile::new(&self.file, false)
    }

    /// Waits until what was written is on the disk, but not the time of the last change.
    ///
    /// # Errors
    ///
    /// Those of `fdatasync`: then it is unknown what is on the disk.
    pub fn sync_data(&self) -> SyncFile<'_> {
        SyncFile::new(&self.file, true)
    }

    /// Makes the file longer, with zeros, or shorter.
    ///
    /// # Errors
    ///
    /// Those of `ftruncate`.
    pub fn set_len(&self, len: u64) -> SetLen<'_> {
        SetLen::new(&self.file, len)
    }

    /// What the system knows of the file.
    ///
    /// # Errors
    ///
    /// Those of `fstat`.
    pub fn metadata(&self, io: Io) -> Call<Metadata> {
        let file = Arc::clone(&self.file);
        Call::new(io, move || file.metadata())
    }

    /// Sets who may do what with the file.
    ///
    /// # Errors
    ///
    /// Those of `fchmod`.
    pub fn set_permissions(&self, io: Io, permissions: Permissions) -> Call<()> {
        let file = Arc::clone(&self.file);
        Call::new(io, move || file.set_permissions(permissions))
    }

    /// Tells the kernel how the `len` bytes at `offset` will be used; a `len` of 0 is up to the end.
    ///
    /// # Errors
    ///
    /// Those of `posix_fadvise`. macOS only takes note of [`Advice::WillNeed`].
    pub fn advise(&self, offset: u64, len: u64, advice: Advice) -> io::Result<()> {
        let used = match advice {
            Advice::Normal => Use::Normal,
            Advice::Sequential => Use::Sequential,
            Advice::Random => Use::Random,
            Advice::WillNeed => Use::Soon,
            Advice::DontNeed => Use::NoMore,
            Advice::NoReuse => Use::Once,
        };
        file::advise(self.file.as_fd(), offset, len, used)
    }
}

impl From<StdFile> for File {
    fn from(file: StdFile) -> Self {
        File::from_std(file)
    }
}

impl From<OwnedFd> for File {
    fn from(file: OwnedFd) -> Self {
        File::new(file)
    }
}

impl TryFrom<File> for StdFile {
    type Error = File;

    /// As [`File::into_std`].
    fn try_from(file: File) -> Result<Self, File> {
        file.into_std()
    }
}

impl AsFd for File {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.file.as_fd()
    }
}

impl AsRawFd for File {
    fn as_raw_fd(&self) -> RawFd {
        self.file.as_raw_fd()
    }
}
