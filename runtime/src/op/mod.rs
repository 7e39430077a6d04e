//! Operations: what a task asks of the kernel.
//!
//! An operation is one struct in one file, at its exact size in the frame of whoever awaits it. It
//! says how to fill a submission entry (`prepare`), how to make the call without blocking
//! (`attempt`), and what its errors ask for (`remedy`). [`poll`] does the rest for all of them:
//!
//! ```text
//!   first poll ──▶ operation and buffer inside the slot of the running task, and a ring?
//!                    yes: the kernel gets the buffer ─────▶ Landed(result) ──▶ done
//!                    no:  attempt ──▶ done                         │
//!                           │ would block            ◀─────────────┘ would block
//!                           ▼
//!                         wait until the descriptor is ready ──▶ attempt again
//! ```
//!
//! # Who owns the buffer while the kernel does
//!
//! Safe code may drop a future at any moment, or leak it so that it is never dropped. The kernel
//! writes into a buffer after the call that gave it away has returned. Both are allowed at once
//! because of where the buffer lies:
//!
//! 1. An operation is not `Unpin` and has a destructor. Once it was polled it stays at its address,
//!    and the bytes there are not used for anything else before the destructor has run: that is
//!    what `Pin` promises.
//! 2. The bytes of a slot *are* used for something else when its task has ended, and until then
//!    only the runtime decides. So an operation inside a slot cannot be leaked: by the time its
//!    task's future is gone, its destructor has run. (A leaked `Box` keeps its bytes for ever, so
//!    there nothing is promised. That is why addresses are compared.)
//! 3. The operation borrows the buffer for a lifetime that its destructor still needs. So until the
//!    destructor has run, nobody else touches the buffer; and since the buffer lies in the same
//!    slot, its memory outlives the task as well.
//! 4. The destructor does not return before the kernel has let go of the buffer.
//!
//! Everything else, a boxed future, a foreign executor, a buffer on the heap, goes through
//! readiness, where the kernel never keeps an address.
//!
//! # Invariants
//!
//! * `OpInSlot`: the kernel is given memory only if it lies in the slot of the task that is being
//!   resumed, and the operation lies there too. Established by `Core::home`, used in `start`.
//! * `OpDropped`: an operation that was polled inside a slot is dropped before the slot is used
//!   again. Established by `Pin` and by `SlotPinned`.
//! * `BorrowHeld`: the borrow of a buffer lasts until the destructor of its operation has run.
//!   Established by the lifetime on [`Flight`], which has a destructor.
//! * `KernelLetsGo`: the destructor of a [`Flight`] returns only when the kernel has no address of
//!   the operation or its buffer. Established by its destructor, which waits for the completion.

mod accept;
mod address;
mod buffer;
mod connect;
mod flight;
mod read;
mod write;

use core::ops::Range;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::io;
use std::os::fd::BorrowedFd;

use rustix::io::Errno;

pub use accept::Accept;
pub use connect::Connect;
pub(crate) use flight::{Flight, Ticket, abandon, reclaim};
pub use read::Read;
pub use write::{Write, WriteAll};

use crate::driver::Interest;
use crate::scheduler::{self, Core};
#[cfg(target_os = "linux")]
use crate::sys::ring::Entry;
use crate::task::{Slot, Wake};
use flight::Progress;

/// What all operations have in common.
pub(crate) trait Operation {
    /// What the descriptor must be ready for.
    const INTEREST: Interest;

    /// Whether the result is a descriptor, to be closed if the operation is dropped.
    const YIELDS_FD: bool = false;

    /// Where the operation is.
    fn ticket(&mut self) -> &mut Ticket;

    /// The socket.
    fn descriptor(&self) -> BorrowedFd<'_>;

    /// The addresses, outside the operation itself, that the kernel reads or writes.
    fn memory(&self) -> Range<usize>;

    /// The submission entry. It names no memory but the operation and `memory`.
    #[cfg(target_os = "linux")]
    fn prepare(&mut self) -> Entry;

    /// Makes the call without blocking.
    fn attempt(&mut self) -> io::Result<u32>;

    /// What to do about an error.
    fn remedy(&self, error: Errno) -> Remedy {
        Remedy::usual(error)
    }
}

/// What to do about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Remedy {
    /// Report it.
    Report,
    /// Do it again.
    Repeat,
    /// Do it again when the descriptor is ready.
    AwaitReady,
    /// Do it again when some descriptor was closed, or after a pause.
    AwaitDescriptor,
}

impl Remedy {
    /// What to do about errors that mean the same everywhere.
    pub(crate) const fn usual(error: Errno) -> Self {
        match error {
            Errno::INTR => Remedy::Repeat,
            Errno::AGAIN => Remedy::AwaitReady,
            _ => Remedy::Report,
        }
    }
}

/// Moves an operation on, and gives its result when there is one.
pub(crate) fn poll<O: Operation>(
    operation: Pin<&mut O>,
    context: &mut Context<'_>,
) -> Poll<io::Result<u32>> {
    // SAFETY: the operation is not moved.
    let operation = unsafe { operation.get_unchecked_mut() };
    scheduler::with(|core| match core {
        Some(core) => drive(core, operation, context),
        None => Poll::Ready(Err(scheduler::outside())),
    })
}

fn drive<O: Operation>(
    core: &Core,
    operation: &mut O,
    context: &mut Context<'_>,
) -> Poll<io::Result<u32>> {
    let first = match operation.ticket().progress(core, context) {
        Progress::New => start(core, operation, context),
        Progress::Pending => return Poll::Pending,
        Progress::Ready => Some(operation.attempt()),
        Progress::Done(result) => Some(result),
        Progress::Elsewhere => return Poll::Ready(Err(scheduler::outside())),
    };
    let Some(mut result) = first else { return Poll::Pending };
    loop {
        let error = match result {
            Ok(value) => {
                operation.ticket().finish();
                return Poll::Ready(Ok(value));
            }
            Err(error) => error,
        };
        let remedy = Errno::from_io_error(&error).map(|errno| operation.remedy(errno));
        result = match remedy.unwrap_or(Remedy::Report) {
            Remedy::Repeat => operation.attempt(),
            Remedy::AwaitReady => match await_ready(core, operation, context) {
                Ok(()) => return Poll::Pending,
                Err(error) => Err(error),
            },
            Remedy::AwaitDescriptor => {
                await_descriptor(core, operation, context);
                return Poll::Pending;
            }
            Remedy::Report => {
                operation.ticket().finish();
                return Poll::Ready(Err(error));
            }
        };
    }
}

/// Gives the operation to the kernel if that is allowed, else makes the first attempt.
fn start<O: Operation>(
    core: &Core,
    operation: &mut O,
    context: &Context<'_>,
) -> Option<io::Result<u32>> {
    #[cfg(target_os = "linux")]
    if core.is_completion()
        && let Some(slot) = core.home(&operation.memory())
        && home_of(core, operation) == Some(slot)
    {
        let entry = operation.prepare();
        let wake = Wake::new(context, Some(slot));
        let mut ledger = core.ledger().borrow_mut();
        // SAFETY:
        // - the kernel owns the memory until the completion: it lies in the slot, as does the
        //   operation (`OpInSlot`), whose destructor runs first (`OpDropped`) and waits
        //   (`KernelLetsGo`); the borrow lasts as long (`BorrowHeld`).
        // - the slot is the one of the running task: `Core::home`.
        let index = unsafe { ledger.begin(entry, (slot, wake), O::YIELDS_FD) };
        operation.ticket().set_in_kernel(core, index);
        return None;
    }
    Some(operation.attempt())
}

/// The slot of the running task, if the operation lies in it.
fn home_of<O>(core: &Core, operation: &O) -> Option<Slot> {
    let address = core::ptr::from_ref(operation).addr();
    core.home(&(address..address + size_of::<O>()))
}

fn await_ready<O: Operation>(
    core: &Core,
    operation: &mut O,
    context: &Context<'_>,
) -> io::Result<()> {
    let wake = Wake::new(context, home_of(core, operation));
    let waiting = core.ledger().borrow_mut().wait(operation.descriptor(), O::INTEREST, wake);
    // The wake of a wait that failed is dropped here, without a borrow.
    let index = waiting.map_err(|(error, _)| error)?;
    operation.ticket().set(core, index);
    Ok(())
}

fn await_descriptor<O: Operation>(core: &Core, operation: &mut O, context: &Context<'_>) {
    let wake = Wake::new(context, home_of(core, operation));
    let index = core.ledger().borrow_mut().starve(wake);
    operation.ticket().set(core, index);
}
