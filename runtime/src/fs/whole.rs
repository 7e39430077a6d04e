//! Whole files at once.

use std::fs;
use std::path::Path;

use crate::Io;
use crate::blocking::Call;

/// The bytes of a file.
///
/// # Errors
///
/// Those of `open` and `read`.
pub fn read(io: Io, path: impl AsRef<Path>) -> Call<Vec<u8>> {
    let path = path.as_ref().to_owned();
    Call::new(io, move || fs::read(path))
}

/// The text of a file.
///
/// # Errors
///
/// Those of `open` and `read`; `InvalidData` if it is not UTF-8.
pub fn read_to_string(io: Io, path: impl AsRef<Path>) -> Call<String> {
    let path = path.as_ref().to_owned();
    Call::new(io, move || fs::read_to_string(path))
}

/// Makes a file of `bytes`, or replaces what is in it.
///
/// # Errors
///
/// Those of `open` and `write`; then a part may have been written.
pub fn write(io: Io, path: impl AsRef<Path>, bytes: impl AsRef<[u8]> + Send + 'static) -> Call<()> {
    let path = path.as_ref().to_owned();
    Call::new(io, move || fs::write(path, bytes))
}

/// Copies a file with its permissions, inside the kernel where that is possible, and gives the
/// number of bytes.
///
/// # Errors
///
/// Those of reading and writing; then a part may have been written.
pub fn copy(io: Io, from: impl AsRef<Path>, to: impl AsRef<Path>) -> Call<u64> {
    let (from, to) = (from.as_ref().to_owned(), to.as_ref().to_owned());
    Call::new(io, move || fs::copy(from, to))
}
