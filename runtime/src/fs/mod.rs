//! Files and folders.
//!
//! On the ring the kernel works in the background, where it can: it opens, reads, writes, syncs,
//! resizes, renames, links and removes. Everything else, and everything on the other drivers, is
//! done by threads that may block, see [`Io::blocking`](crate::Io::blocking).
//!
//! ```
//! use coframe::Io;
//! use coframe::fs::{self, File, OpenOptions};
//!
//! #[coframe::coroutine]
//! async fn write_and_read(io: Io, path: std::path::PathBuf) -> std::io::Result<()> {
//!     let mut file = File::create(io, &path).await?;
//!     file.write_all(b"hello, ").await?;
//!     file.write_all(b"world").await?;
//!     file.sync_data().await?;
//!     let file = OpenOptions::new().read(true).open(io, &path).await?;
//!     let mut buffer = [0; 64];
//!     let count = file.read_at(&mut buffer, 7).await?;
//!     assert_eq!(&buffer[..count], b"world");
//!     fs::remove_file(io, &path).await
//! }
//!
//! # fn main() -> std::io::Result<()> {
//! let path = std::env::temp_dir().join(format!("coframe-doc-{}", std::process::id()));
//! coframe::Runtime::new()?.run(|io| write_and_read(io, path))
//! # }
//! ```

#![forbid(unsafe_code)]

mod file;
mod folder;
mod open_options;
mod paths;
mod whole;

pub use file::{Advice, File};
pub use folder::{
    NextEntry, ReadDir, create_dir, create_dir_all, read_dir, remove_dir, remove_dir_all,
};
pub use open_options::OpenOptions;
pub use paths::{
    canonicalize, hard_link, metadata, read_link, remove_file, rename, set_permissions, symlink,
    symlink_metadata, try_exists,
};
pub use whole::{copy, read, read_to_string, write};

pub use crate::blocking::Call;
pub use crate::op::{
    Change, Open, ReadAt, ReadOwned, ReadVectoredAt, SetLen, SyncFile, WriteAt, WriteOwned,
    WriteVectoredAt,
};
