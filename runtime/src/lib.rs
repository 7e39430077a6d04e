//! Stackless coroutines with explicit frames, and the completion runtime that resumes them.
#![cfg_attr(not(feature = "std"), no_std)]

pub mod coroutine;
pub mod frame;
#[doc(hidden)]
pub mod __private;
#[cfg(feature = "std")]
mod block_on;

#[cfg(feature = "std")]
mod primitive;
#[cfg(feature = "std")]
mod list;
#[cfg(feature = "std")]
mod sys;
#[cfg(feature = "std")]
mod task;
#[cfg(feature = "std")]
mod pool;
#[cfg(feature = "std")]
mod driver;
#[cfg(feature = "std")]
mod scheduler;
#[cfg(feature = "std")]
mod op;
#[cfg(feature = "std")]
mod io;
#[cfg(feature = "std")]
pub mod net;
#[cfg(feature = "std")]
mod runtime;
#[cfg(feature = "std")]
pub mod signal;
#[cfg(feature = "std")]
pub mod time;

#[cfg(feature = "std")]
pub use block_on::block_on;
#[cfg(feature = "std")]
pub use driver::{DriverKind, DriverReport, UnknownDriver};
#[cfg(feature = "std")]
pub use io::Io;
#[cfg(feature = "std")]
pub use pool::{Frames, PoolFull, Spawn};
#[cfg(feature = "std")]
pub use runtime::{Builder, Runtime};
#[cfg(feature = "std")]
pub use task::{JoinError, JoinHandle};
pub use coframe_macros::{coroutine, coroutines};
pub use coroutine::{Coroutine, CoroutineState};
