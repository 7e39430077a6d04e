//! Operations on files.
//!
//! The kernel does them if there is a ring that can, and threads if not. A read or a write whose
//! buffer lies in the slot of its task uses it; any other one works on a copy that it owns, because
//! a thread or the kernel may still use that when the future is gone.

mod change;
mod copied;
mod open;
mod plain;
mod read;
mod resize;
mod send;
mod sync;
mod transfer;
mod vectored;
mod write;

pub use change::Change;
pub(crate) use change::What;
pub use open::Open;
pub use read::{ReadAt, ReadOwned};
pub use resize::SetLen;
pub(crate) use send::send_file;
pub use sync::SyncFile;
pub(crate) use transfer::IdleTransfers;
pub use vectored::{ReadVectoredAt, WriteVectoredAt};
pub use write::{WriteAt, WriteOwned};

use crate::scheduler::{self, Core};

/// An error if there must be no copy, as the memory of the runtime is fixed.
fn may_copy() -> std::io::Result<()> {
    let is_fixed = |core: Option<&Core>| core.is_some_and(|core| core.shared().is_fixed());
    if scheduler::with(is_fixed) { Err(scheduler::no_room()) } else { Ok(()) }
}

/// The most bytes that are copied for one call; the rest is left for the next one.
const COPY_MAX: usize = 1 << 20;
