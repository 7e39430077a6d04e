//! Folders.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use std::collections::VecDeque;
use std::fs::{self, DirEntry};
use std::io;
use std::path::Path;

use crate::Io;
use crate::blocking::Call;
use crate::op::{Change, What};
use crate::sys::file;

/// Makes a folder in one that is there.
///
/// # Errors
///
/// Those of `mkdir`.
pub fn create_dir(io: Io, path: impl AsRef<Path>) -> Change {
    Change::new(io, file::path(path.as_ref()).map(What::MakeFolder))
}

/// Makes a folder and those it is in, as far as they are not there.
///
/// # Errors
///
/// Those of `mkdir`; then some of the folders may have been made.
pub fn create_dir_all(io: Io, path: impl AsRef<Path>) -> Call<()> {
    let path = path.as_ref().to_owned();
    Call::new(io, move || fs::create_dir_all(path))
}

/// Removes an empty folder.
///
/// # Errors
///
/// Those of `rmdir`.
pub fn remove_dir(io: Io, path: impl AsRef<Path>) -> Change {
    Change::new(io, file::path(path.as_ref()).map(What::RemoveFolder))
}

/// Removes a folder and all that is in it. Symbolic links are removed, not followed.
///
/// # Errors
///
/// Those of `rmdir` and `unlink`; then a part may have been removed.
pub fn remove_dir_all(io: Io, path: impl AsRef<Path>) -> Call<()> {
    let path = path.as_ref().to_owned();
    Call::new(io, move || fs::remove_dir_all(path))
}

/// What is in a folder, in no particular order.
///
/// # Errors
///
/// When awaited, those of `opendir`.
///
/// ```
/// # async fn count(io: coframe::Io) -> std::io::Result<usize> {
/// let mut entries = coframe::fs::read_dir(io, "/").await?;
/// let mut count = 0;
/// while let Some(entry) = entries.next_entry().await? {
///     println!("{}", entry.path().display());
///     count += 1;
/// }
/// # Ok(count)
/// # }
/// # coframe::Runtime::new().unwrap().run(count).unwrap();
/// ```
pub fn read_dir(io: Io, path: impl AsRef<Path>) -> Call<ReadDir> {
    let path = path.as_ref().to_owned();
    Call::new(io, move || {
        let part = read_part(fs::read_dir(path)?);
        Ok(ReadDir { io, read: part.0, rest: part.1, next: None })
    })
}

/// The entries of a folder. Made by [`read_dir`].
#[derive(Debug)]
pub struct ReadDir {
    io: Io,
    /// Entries that were read already.
    read: VecDeque<io::Result<DirEntry>>,
    /// The folder, if there is more to read and no thread reads it.
    rest: Option<fs::ReadDir>,
    /// A thread that reads more.
    next: Option<Call<Part>>,
}

type Part = (VecDeque<io::Result<DirEntry>>, Option<fs::ReadDir>);

/// How many entries a thread reads at once.
const PART: usize = 64;

fn read_part(mut folder: fs::ReadDir) -> Part {
    let entries: VecDeque<_> = folder.by_ref().take(PART).collect();
    let rest = (entries.len() == PART).then_some(folder);
    (entries, rest)
}

impl ReadDir {
    /// The next entry, `None` at the end.
    ///
    /// Dropping the future loses no entry.
    ///
    /// # Errors
    ///
    /// Those of `readdir`; there may be more entries after one.
    pub const fn next_entry(&mut self) -> NextEntry<'_> {
        NextEntry { folder: self }
    }

    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<io::Result<Option<DirEntry>>> {
        loop {
            if let Some(entry) = self.read.pop_front() {
                return Poll::Ready(entry.map(Some));
            }
            if let Some(rest) = self.rest.take() {
                self.next = Some(Call::new(self.io, move || Ok(read_part(rest))));
            }
            let Some(next) = &mut self.next else { return Poll::Ready(Ok(None)) };
            let part = ready!(Pin::new(next).poll(context));
            self.next = None;
            (self.read, self.rest) = part?;
        }
    }
}

/// Waits for the next entry of a folder. Made by [`ReadDir::next_entry`].
#[derive(Debug)]
#[must_use = "an operation does nothing unless it is awaited"]
pub struct NextEntry<'a> {
    folder: &'a mut ReadDir,
}

impl Future for NextEntry<'_> {
    type Output = io::Result<Option<DirEntry>>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.folder.poll_next(context)
    }
}
