//! Work that would block the thread of a runtime: on threads of its own, or in the kernel.
//!
//! ```text
//!   Blocking, Pending ── futures, each with one count of ──▶ Unit ◀── one count of a thread
//!                                                             │        or of the driver
//!                                                    the work and all its memory
//! ```
//!
//! A unit owns everything that its work touches. So its future can be dropped or leaked at any time:
//! the memory goes when whoever works on it lets go as well.

mod closure;
mod lazy;
mod pending;
mod threads;
mod unit;

pub use closure::Blocking;
pub(crate) use closure::start;
pub use lazy::Call;
pub(crate) use pending::{Pending, cancel, hand_over};
pub(crate) use threads::{Limits, Threads};
pub(crate) use unit::{Completable, Unit, Work};
