//! Bytes from anywhere to anywhere: traits, buffers, lines, copies, pipes, and the process's own
//! streams.
//!
//! ```
//! use coframe::Io;
//! use coframe::io::{BufReader, BufWriter};
//! use coframe::net::UnixStream;
//!
//! #[coframe::coroutine]
//! async fn count_lines(io: Io) -> std::io::Result<usize> {
//!     let (here, there) = UnixStream::pair(io)?;
//!     let mut writer = BufWriter::<_, 512>::new(there);
//!     for line in ["one\n", "two\n", "three"] {
//!         writer.write_all(line.as_bytes()).await?;
//!     }
//!     writer.flush().await?;
//!     drop(writer);
//!     let mut reader = BufReader::<_, 512>::new(here); // the buffer is a part of the frame
//!     let mut line = String::new();
//!     let mut count = 0;
//!     while reader.read_line(&mut line).await? > 0 {
//!         line.clear();
//!         count += 1;
//!     }
//!     Ok(count)
//! }
//!
//! fn main() -> std::io::Result<()> {
//!     assert_eq!(coframe::Runtime::new()?.run(count_lines)?, 3);
//!     Ok(())
//! }
//! ```

mod copy;
mod handle;
mod lines;
mod owned;
mod pipe;
mod reader;
mod standard;
mod traits;
mod writer;

pub use copy::{copy, copy_bidirectional};
pub use handle::Io;
pub use lines::{Lines, Split};
pub use owned::{OwnedBytes, OwnedBytesMut};
pub use pipe::{PipeReader, PipeWriter, pipe};
pub use reader::BufReader;
pub use standard::{ReadStdin, Stderr, Stdin, Stdout, WriteStd, stderr, stdin, stdout};
pub use traits::{AsyncRead, AsyncWrite};
pub use writer::BufWriter;

pub use crate::op::{ReadPipe, WritePipe};
