//! Names of files, and what the system knows of them.

use std::fs::{self, Metadata, Permissions};
use std::path::{Path, PathBuf};

use crate::Io;
use crate::blocking::Call;
use crate::op::{Change, What};
use crate::sys::file;

/// Gives a file or folder another name; a file that has it already is replaced.
///
/// # Errors
///
/// Those of `rename`.
pub fn rename(io: Io, from: impl AsRef<Path>, to: impl AsRef<Path>) -> Change {
    let (from, to) = (file::path(from.as_ref()), file::path(to.as_ref()));
    Change::new(io, from.and_then(|from| Ok(What::Rename(from, to?))))
}

/// Removes a file.
///
/// # Errors
///
/// Those of `unlink`.
pub fn remove_file(io: Io, path: impl AsRef<Path>) -> Change {
    Change::new(io, file::path(path.as_ref()).map(What::Remove))
}

/// Gives the file `original` the second name `link`.
///
/// # Errors
///
/// Those of `link`.
pub fn hard_link(io: Io, original: impl AsRef<Path>, link: impl AsRef<Path>) -> Change {
    let (original, link) = (file::path(original.as_ref()), file::path(link.as_ref()));
    Change::new(io, original.and_then(|original| Ok(What::Link(original, link?))))
}

/// Makes the file `link` that names `target`.
///
/// # Errors
///
/// Those of `symlink`.
pub fn symlink(io: Io, target: impl AsRef<Path>, link: impl AsRef<Path>) -> Change {
    let (target, link) = (file::path(target.as_ref()), file::path(link.as_ref()));
    Change::new(io, target.and_then(|target| Ok(What::Symlink(target, link?))))
}

/// What a symbolic link names.
///
/// # Errors
///
/// Those of `readlink`.
pub fn read_link(io: Io, path: impl AsRef<Path>) -> Call<PathBuf> {
    let path = path.as_ref().to_owned();
    Call::new(io, move || fs::read_link(path))
}

/// The whole path of a file, without symbolic links.
///
/// # Errors
///
/// Those of `realpath`.
pub fn canonicalize(io: Io, path: impl AsRef<Path>) -> Call<PathBuf> {
    let path = path.as_ref().to_owned();
    Call::new(io, move || fs::canonicalize(path))
}

/// What the system knows of a file; of its target, if it is a symbolic link.
///
/// # Errors
///
/// Those of `stat`.
pub fn metadata(io: Io, path: impl AsRef<Path>) -> Call<Metadata> {
    let path = path.as_ref().to_owned();
    Call::new(io, move || fs::metadata(path))
}

/// What the system knows of a file; of the link itself, if it is a symbolic link.
///
/// # Errors
///
/// Those of `lstat`.
pub fn symlink_metadata(io: Io, path: impl AsRef<Path>) -> Call<Metadata> {
    let path = path.as_ref().to_owned();
    Call::new(io, move || fs::symlink_metadata(path))
}

/// Whether a file is there.
///
/// # Errors
///
/// If that cannot be found out.
pub fn try_exists(io: Io, path: impl AsRef<Path>) -> Call<bool> {
    let path = path.as_ref().to_owned();
    Call::new(io, move || fs::exists(path))
}

/// Sets who may do what with a file.
///
/// # Errors
///
/// Those of `chmod`.
pub fn set_permissions(io: Io, path: impl AsRef<Path>, permissions: Permissions) -> Call<()> {
    let path = path.as_ref().to_owned();
    Call::new(io, move || fs::set_permissions(path, permissions))
}
