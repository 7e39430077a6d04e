//! Child processes.
//!
//! ```
//! use coframe::Io;
//! use coframe::process::{Command, Stdio};
//!
//! #[coframe::coroutine]
//! async fn greet(io: Io) -> std::io::Result<()> {
//!     let output = Command::new("echo").arg("hello").stdout(Stdio::piped()).output(io).await?;
//!     assert!(output.status.success());
//!     assert_eq!(output.stdout, b"hello\n");
//!     Ok(())
//! }
//!
//! fn main() -> std::io::Result<()> {
//!     coframe::Runtime::new()?.run(greet)
//! }
//! ```

#![forbid(unsafe_code)]

mod child;
mod command;

pub use child::Child;
pub use command::Command;
pub use std::process::{ExitStatus, Output, Stdio};
