//! How a file is opened.

use std::io;
use std::path::Path;

use crate::Io;
use crate::op::Open;
use crate::sys::file;

/// How a file is opened: the same choices as those of the standard library.
///
/// ```
/// use coframe::fs::OpenOptions;
///
/// let options = OpenOptions::new().append(true).create(true).mode(0o600);
/// # let _ = options;
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use = "options do nothing until a file is opened"]
pub struct OpenOptions {
    read: bool,
    write: bool,
    append: bool,
    truncate: bool,
    create: bool,
    create_new: bool,
    mode: libc::mode_t,
    custom_flags: i32,
}

impl OpenOptions {
    /// Nothing is allowed yet.
    pub const fn new() -> Self {
        OpenOptions {
            read: false,
            write: false,
            append: false,
            truncate: false,
            create: false,
            create_new: false,
            mode: 0o666,
            custom_flags: 0,
        }
    }

    /// Allows to read.
    pub const fn read(mut self, read: bool) -> Self {
        self.read = read;
        self
    }

    /// Allows to write.
    pub const fn write(mut self, write: bool) -> Self {
        self.write = write;
        self
    }

    /// Allows to write, always at the end.
    pub const fn append(mut self, append: bool) -> Self {
        self.append = append;
        self
    }

    /// Empties a file that is there.
    pub const fn truncate(mut self, truncate: bool) -> Self {
        self.truncate = truncate;
        self
    }

    /// Makes the file if it is not there.
    pub const fn create(mut self, create: bool) -> Self {
        self.create = create;
        self
    }

    /// Makes the file, which must not be there.
    pub const fn create_new(mut self, create_new: bool) -> Self {
        self.create_new = create_new;
        self
    }

    /// The permissions of a file that is made, before the process's mask; the default is 0o666.
    pub const fn mode(mut self, mode: u32) -> Self {
        self.mode = mode as libc::mode_t;
        self
    }

    /// Flags of the system beyond these, as `O_NOFOLLOW`.
    pub const fn custom_flags(mut self, flags: i32) -> Self {
        self.custom_flags = flags;
        self
    }

    /// Opens the file.
    ///
    /// # Errors
    ///
    /// If the choices contradict each other (`InvalidInput`), if the runtime has ended, and those of
    /// `open`.
    pub fn open(&self, io: Io, path: impl AsRef<Path>) -> Open {
        let path = self.flags().and_then(|flags| Ok((file::path(path.as_ref())?, flags)));
        match path {
            Ok((path, flags)) => Open::new(io, Ok(path), flags, self.mode),
            Err(error) => Open::new(io, Err(error), 0, 0),
        }
    }

    fn flags(&self) -> io::Result<i32> {
        let custom = self.custom_flags & !libc::O_ACCMODE;
        Ok(libc::O_CLOEXEC | self.access()? | self.creation()? | custom)
    }

    fn access(&self) -> io::Result<i32> {
        match (self.read, self.write, self.append) {
            (true, false, false) => Ok(libc::O_RDONLY),
            (false, true, false) => Ok(libc::O_WRONLY),
            (true, true, false) => Ok(libc::O_RDWR),
            (false, _, true) => Ok(libc::O_WRONLY | libc::O_APPEND),
            (true, _, true) => Ok(libc::O_RDWR | libc::O_APPEND),
            (false, false, false) => Err(invalid("a file is opened neither to read nor to write")),
        }
    }

    fn creation(&self) -> io::Result<i32> {
        let changes = self.truncate || self.create || self.create_new;
        if changes && !self.write && !self.append {
            return Err(invalid("a file can only be made or emptied if it is opened to write"));
        }
        if self.append && self.truncate && !self.create_new {
            return Err(invalid("a file cannot be emptied and appended to"));
        }
        Ok(match (self.create, self.truncate, self.create_new) {
            (false, false, false) => 0,
            (true, false, false) => libc::O_CREAT,
            (false, true, false) => libc::O_TRUNC,
            (true, true, false) => libc::O_CREAT | libc::O_TRUNC,
            (_, _, true) => libc::O_CREAT | libc::O_EXCL,
        })
    }
}

impl Default for OpenOptions {
    fn default() -> Self {
        OpenOptions::new()
    }
}

fn invalid(text: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, text)
}
