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
//! Waiting is done by key, if the operation lies in the slot of the task that polls it, and by a
//! record of the ledger if not; see [`ticket`].
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
//! * `OpInSlot`: the kernel is given memory only if the operation lies in the slot of the task that is
//!   being resumed, and the memory lies there too, or belongs to the operation, which drops it after
//!   its [`Flight`]. Established by `Core::home`, used in `submit`.
//! * `OpDropped`: an operation that was polled inside a slot is at its place there until it is
//!   dropped, before the slot is used again. So a [`Key`] can be followed. Established by `Pin` and
//!   by `SlotPinned`.
//! * `BorrowHeld`: the borrow of a buffer lasts until the destructor of its operation has run.
//!   Established by the lifetime on [`Flight`], which has a destructor.
//! * `KernelLetsGo`: the destructor of a [`Flight`] returns only when the kernel has no address of
//!   the operation or its buffer. Established by its destructor, which waits for the completion.

mod buffer;
mod file;
mod flight;
mod home;
mod pipe;
mod socket;
mod ticket;
mod vectors;

use core::pin::Pin;
use core::task::{Context, Poll};
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd};

use rustix::io::Errno;

pub use file::*;
pub(crate) use flight::{Flight, abandon};
pub(crate) use home::Home;
pub use pipe::*;
pub use socket::*;
pub(crate) use ticket::{Key, Ticket};

use crate::driver::Interest;
use crate::scheduler::{self, Core};
#[cfg(target_os = "linux")]
use crate::sys::ring::{Entry, Ring};
use crate::task::Wake;
use ticket::Progress;

/// What all operations have in common.
pub(crate) trait Operation {
    /// What the descriptor must be ready for.
    const INTEREST: Interest;

    /// Whether the result is a descriptor, to be closed if the operation is dropped.
    const YIELDS_FD: bool = false;

    /// Where the operation is.
    fn ticket(&self) -> &Ticket;

    /// The socket.
    fn descriptor(&self) -> BorrowedFd<'_>;

    /// Whether all memory outside the operation itself that the kernel reads or writes lies here.
    fn is_in(&self, home: Home) -> bool;

    /// The submission entry. It names no memory but that of the operation and of `is_in`.
    #[cfg(target_os = "linux")]
    fn prepare(&mut self) -> Entry;

    /// Makes the call without blocking.
    fn attempt(&mut self) -> io::Result<usize>;

    /// Whether a result is less than the call was asked for, so that another one might block.
    fn is_short(&self, _value: usize) -> bool {
        false
    }

    /// What to do about an error.
    fn remedy(&self, error: Errno) -> Remedy {
        Remedy::usual(error)
    }
}

/// An operation that only the kernel does, in the background.
pub(crate) trait Direct: Operation {
    /// The code of the submission entry.
    #[cfg(target_os = "linux")]
    const CODE: u8;
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
#[inline(always)] // the way that most polls take is short
pub(crate) fn poll<O: Operation>(
    operation: Pin<&mut O>,
    context: &mut Context<'_>,
) -> Poll<io::Result<usize>> {
    if let Some(value) = operation.ticket().take_landed() {
        return Poll::Ready(Ok(value));
    }
    // SAFETY: the operation is not moved.
    let operation = unsafe { operation.get_unchecked_mut() };
    submit_or_drive(operation, context)
}

/// Does what is usual for the driver, without a detour: a ring is given a new operation, and others
/// attempt it or let it wait.
#[inline(never)]
fn submit_or_drive<O: Operation>(
    operation: &mut O,
    context: &Context<'_>,
) -> Poll<io::Result<usize>> {
    scheduler::with(|core| {
        let Some(core) = core else { return drive(operation, context) };
        #[cfg(target_os = "linux")]
        if let Some(ring) = core.ring() {
            let is_pending = submit_at_once(core, ring, operation, context);
            return if is_pending { Poll::Pending } else { drive(operation, context) };
        }
        attempt_at_once(core, operation, context)
    })
}

/// Attempts an operation that is new or ready, or lets it wait if that is known to be in vain. A write
/// is always attempted: there is nearly always room.
#[inline(never)] // so that `submit_or_drive` saves no registers for it
fn attempt_at_once<O: Operation>(
    core: &Core,
    operation: &mut O,
    context: &Context<'_>,
) -> Poll<io::Result<usize>> {
    if operation.ticket().is_new() {
        if O::INTEREST == Interest::Read && park_blocked(core, operation, context) {
            return Poll::Pending;
        }
    } else if !operation.ticket().take_ready(core) {
        return drive(operation, context);
    }
    let result = operation.attempt();
    settle(core, operation, context, result)
}

/// Begins an operation, or does what has to be done once what it waited for has come.
#[inline(never)]
fn drive<O: Operation>(operation: &mut O, context: &Context<'_>) -> Poll<io::Result<usize>> {
    scheduler::with(|core| match core {
        Some(core) if operation.ticket().is_new() => begin(core, operation, context),
        Some(core) => go_on(core, operation, context),
        None => Poll::Ready(Err(scheduler::outside())),
    })
}

fn begin<O: Operation>(
    core: &Core,
    operation: &mut O,
    context: &Context<'_>,
) -> Poll<io::Result<usize>> {
    #[cfg(target_os = "linux")]
    if submit(core, operation, context) {
        return Poll::Pending;
    }
    if !core.is_completion() && park_blocked(core, operation, context) {
        return Poll::Pending;
    }
    let result = operation.attempt();
    settle(core, operation, context, result)
}

fn go_on<O: Operation>(
    core: &Core,
    operation: &mut O,
    context: &Context<'_>,
) -> Poll<io::Result<usize>> {
    let result = match operation.ticket().progress(core, context) {
        Progress::New => return begin(core, operation, context),
        Progress::Ready => operation.attempt(),
        Progress::Pending => return Poll::Pending,
        Progress::Done(result) => value_of(result),
        Progress::Elsewhere => return Poll::Ready(Err(scheduler::outside())),
    };
    settle(core, operation, context, result)
}

#[inline(always)]
fn settle<O: Operation>(
    core: &Core,
    operation: &mut O,
    context: &Context<'_>,
    result: io::Result<usize>,
) -> Poll<io::Result<usize>> {
    match result {
        Ok(value) => {
            if !core.is_completion() && operation.is_short(value) {
                core.ledger().borrow_mut().ran_short(operation.descriptor(), O::INTEREST);
            }
            operation.ticket().finish();
            Poll::Ready(Ok(value))
        }
        Err(error) => mend(core, operation, context, error),
    }
}

/// Like [`poll`] for an operation that is not attempted. `None`: it cannot be given to the kernel.
#[inline(always)] // as `poll`
pub(crate) fn poll_direct<O: Direct>(
    operation: Pin<&mut O>,
    context: &Context<'_>,
) -> Option<Poll<io::Result<usize>>> {
    if let Some(value) = operation.ticket().take_landed() {
        return Some(Poll::Ready(Ok(value)));
    }
    // SAFETY: the operation is not moved.
    let operation = unsafe { operation.get_unchecked_mut() };
    submit_or_drive_direct(operation, context)
}

/// Gives a new operation to a ring, without a detour if nothing is unusual.
#[inline(never)]
fn submit_or_drive_direct<O: Direct>(
    operation: &mut O,
    context: &Context<'_>,
) -> Option<Poll<io::Result<usize>>> {
    #[cfg(target_os = "linux")]
    {
        let is_pending = scheduler::with(|core| match core {
            Some(core) => core.ring().is_some_and(|ring| {
                ring.can_do(O::CODE) && submit_at_once(core, ring, operation, context)
            }),
            None => false,
        });
        if is_pending {
            return Some(Poll::Pending);
        }
    }
    drive_direct(operation, context)
}

/// Begins an operation, or does what has to be done once it has landed, or gives up.
#[inline(never)]
fn drive_direct<O: Direct>(
    operation: &mut O,
    context: &Context<'_>,
) -> Option<Poll<io::Result<usize>>> {
    scheduler::with(|core| {
        let Some(core) = core else { return Some(Poll::Ready(Err(scheduler::outside()))) };
        match operation.ticket().progress(core, context) {
            Progress::Done(result) if result != -Errno::INTR.raw_os_error() => {
                operation.ticket().finish();
                Some(Poll::Ready(value_of(result)))
            }
            Progress::New | Progress::Ready | Progress::Done(_) => {
                begin_direct(core, operation, context).then_some(Poll::Pending)
            }
            Progress::Pending => Some(Poll::Pending),
            Progress::Elsewhere => Some(Poll::Ready(Err(scheduler::outside()))),
        }
    })
}

#[cfg(target_os = "linux")]
fn begin_direct<O: Direct>(core: &Core, operation: &mut O, context: &Context<'_>) -> bool {
    core.ring().is_some_and(|ring| ring.can_do(O::CODE)) && submit(core, operation, context)
}

#[cfg(not(target_os = "linux"))]
fn begin_direct<O: Direct>(_core: &Core, _operation: &mut O, _context: &Context<'_>) -> bool {
    false
}

/// The result of a system call, from what the kernel gives.
#[inline]
fn value_of(result: i32) -> io::Result<usize> {
    usize::try_from(result).map_err(|_| io::Error::from_raw_os_error(result.wrapping_neg()))
}

/// Does what an error asks for.
#[cold]
fn mend<O: Operation>(
    core: &Core,
    operation: &mut O,
    context: &Context<'_>,
    mut error: io::Error,
) -> Poll<io::Result<usize>> {
    loop {
        let remedy = Errno::from_io_error(&error).map(|errno| operation.remedy(errno));
        let result = match remedy.unwrap_or(Remedy::Report) {
            Remedy::Repeat => operation.attempt(),
            Remedy::AwaitReady => match await_ready(core, operation, context) {
                Ok(()) => return Poll::Pending,
                Err(error) => Err(error),
            },
            Remedy::AwaitDescriptor if core.ledger().borrow().has_room() => {
                await_descriptor(core, operation, context);
                return Poll::Pending;
            }
            Remedy::Report | Remedy::AwaitDescriptor => {
                operation.ticket().finish();
                return Poll::Ready(Err(error));
            }
        };
        match result {
            Ok(value) => {
                operation.ticket().finish();
                return Poll::Ready(Ok(value));
            }
            Err(next) => error = next,
        }
    }
}

/// Gives a new operation to the kernel if that is allowed, and nothing is unusual.
#[cfg(target_os = "linux")]
#[inline(always)]
fn submit_at_once<O: Operation>(
    core: &Core,
    ring: &Ring,
    operation: &mut O,
    context: &Context<'_>,
) -> bool {
    if !operation.ticket().is_new() || !ring.has_room() {
        return false;
    }
    let Some(home) = core.home() else { return false };
    if !home.holds(operation) || !operation.is_in(home) || !home.is_woken_by(context) {
        return false;
    }
    // SAFETY: the operation and its memory lie in the slot of the running task.
    let entry = unsafe { hand_over(core, operation, home) };
    // SAFETY: the kernel owns the memory until the completion: `hand_over`. There is room.
    unsafe { ring.put(entry) };
    true
}

/// Gives the operation to the kernel if that is allowed.
#[cfg(target_os = "linux")]
fn submit<O: Operation>(core: &Core, operation: &mut O, context: &Context<'_>) -> bool {
    let (Some(ring), Some(home)) = (core.ring(), core.home()) else { return false };
    if !home.holds(operation) || !operation.is_in(home) {
        return false;
    }
    let is_own = home.is_woken_by(context);
    if !is_own && !core.ledger().borrow().has_room() {
        return false;
    }
    // SAFETY: the operation and its memory lie in the slot of the running task.
    let entry = unsafe { hand_over(core, operation, home) };
    // SAFETY: the kernel owns the memory until the completion: `hand_over`.
    unsafe { ring.push(entry) };
    if !is_own {
        let relay = core.ledger().borrow_mut().relay(Wake::Other(context.waker().clone()));
        operation.ticket().set_relayed(relay);
    }
    true
}

/// Marks the operation as the kernel's, and gives the entry, which the caller pushes.
///
/// The kernel owns the memory that the entry names until the completion: it lies in the slot, as does
/// the operation (`OpInSlot`), whose destructor runs first (`OpDropped`) and waits (`KernelLetsGo`);
/// the borrow lasts as long (`BorrowHeld`).
///
/// # Safety
///
/// * `home` is the slot of the running task, and has the operation and all memory that its entry
///   names.
#[cfg(target_os = "linux")]
#[inline(always)]
unsafe fn hand_over<O: Operation>(core: &Core, operation: &mut O, home: Home) -> Entry {
    let key = Key::new(home, operation.ticket());
    let entry = operation.prepare().user_data(key.bits());
    // SAFETY: the task in the slot is being resumed, so the slot is occupied.
    let in_flight = &unsafe { home.slot().as_ref() }.in_flight;
    in_flight.set(in_flight.get() + 1);
    operation.ticket().set_in_kernel(core, O::YIELDS_FD);
    entry
}

/// Parks the operation, without an attempt, if it is known that it would block.
#[inline(always)]
fn park_blocked<O: Operation>(core: &Core, operation: &O, context: &Context<'_>) -> bool {
    let Some(key) = key_of(core, operation, context) else { return false };
    let fd = operation.descriptor().as_raw_fd();
    let is_parked = core.ledger().borrow_mut().park_blocked(fd, O::INTEREST, key);
    if is_parked {
        operation.ticket().set_parked(core, fd, O::INTEREST);
    }
    is_parked
}

/// The key of an operation that lies in the slot of the task that is to be woken for it.
#[inline]
fn key_of<O: Operation>(core: &Core, operation: &O, context: &Context<'_>) -> Option<Key> {
    let home = core.home()?;
    if !home.holds(operation) || !home.is_woken_by(context) {
        return None;
    }
    Some(Key::new(home, operation.ticket()))
}

fn await_ready<O: Operation>(
    core: &Core,
    operation: &mut O,
    context: &Context<'_>,
) -> io::Result<()> {
    if !core.is_completion() {
        core.ledger().borrow_mut().watch(operation.descriptor(), O::INTEREST)?;
        if park_blocked(core, operation, context) {
            return Ok(());
        }
    }
    let wake = Wake::new(context, core.home().filter(|home| home.holds(operation)));
    let waiting = core.ledger().borrow_mut().wait(operation.descriptor(), O::INTEREST, wake);
    // The wake of a wait that failed is dropped here, without a borrow.
    let index = waiting.map_err(|(error, _)| error)?;
    operation.ticket().set_record(core, index);
    Ok(())
}

fn await_descriptor<O: Operation>(core: &Core, operation: &mut O, context: &Context<'_>) {
    let wake = Wake::new(context, core.home().filter(|home| home.holds(operation)));
    let index = core.ledger().borrow_mut().starve(wake);
    operation.ticket().set_record(core, index);
}
