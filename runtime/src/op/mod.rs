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
//! A write is attempted, ring or not, if the kernel would be entered for it alone
//! ([`Places::take_lone`](crate::sys::ring::Places::take_lone)).
//! On epoll the loop makes the next attempt itself, if it is to read and all of it lies in the slot of its
//! task.
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
//!   its [`Flight`]. Established by `Core::home`, used in `submit`. So is the loop, which receives for a
//!   read that is parked in place: used in `park`.
//! * `OpDropped`: an operation that was polled inside a slot is at its place there until it is
//!   dropped, before the slot is used again. So a [`Key`] can be followed. Established by `Pin` and
//!   by `SlotPinned`.
//! * `BorrowHeld`: the borrow of a buffer lasts until the destructor of its operation has run.
//!   Established by the lifetime on [`Flight`], which has a destructor.
//! * `KernelLetsGo`: the destructor of a [`Flight`] returns only when the kernel has no address of
//!   the operation or its buffer. Established by its destructor, which waits for the completion.

mod buffer;
mod direct;
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

pub(crate) use direct::{Direct, poll_direct, poll_direct_at_once};
pub use file::*;
pub(crate) use flight::{Flight, abandon};
pub(crate) use home::Home;
pub use pipe::*;
pub use socket::*;
pub(crate) use ticket::{Key, Ticket, Usual};

use crate::driver::{Interest, Parked};
use crate::scheduler::{self, Core};
#[cfg(target_os = "linux")]
use crate::sys::ring::{Entry, Places};
use crate::task::Wake;
use ticket::{Progress, Stage};

/// What all operations have in common.
pub(crate) trait Operation {
    /// What the descriptor must be ready for.
    const INTEREST: Interest;

    /// Whether the result is a descriptor, to be closed if the operation is dropped.
    const YIELDS_FD: bool = false;

    /// Whether an attempt may be made before anything else, if its memory is not where a ring could have it:
    /// there is nearly always room for a write.
    const MAY_BE_ATTEMPTED: bool = false;

    /// Whether it is a [`Read`], which the loop can make itself: [`receive_parked`].
    const MAY_BE_IN_PLACE: bool = false;

    /// Where the operation is.
    fn ticket(&self) -> &Ticket;

    /// The socket.
    fn descriptor(&self) -> BorrowedFd<'_>;

    /// Whether all memory outside the operation itself that the kernel reads or writes lies here.
    fn is_in(&self, home: Home) -> bool;

    /// Whether there is no such memory, where `is_in` does not look at that.
    fn is_void(&self) -> bool {
        false
    }

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
///
/// What is usual for the driver is done without a detour: a ring is given a new operation, and others
/// attempt it or let it wait.
#[inline(always)] // the way that most polls take is short
pub(crate) fn poll<O: Operation>(
    operation: Pin<&mut O>,
    context: &mut Context<'_>,
) -> Poll<io::Result<usize>> {
    // SAFETY: the operation is not moved.
    let operation = unsafe { operation.get_unchecked_mut() };
    match poll_at_once(operation, context) {
        Some(poll) => poll,
        None => drive(operation, context),
    }
}

/// As [`poll`], if nothing is unusual. `None`: nothing was done.
#[inline(always)] // as `poll`
fn poll_at_once<O: Operation>(
    operation: &mut O,
    context: &Context<'_>,
) -> Option<Poll<io::Result<usize>>> {
    let stage = stage_of(operation);
    if stage == Stage::Begun {
        return take_landed(operation);
    }
    // SAFETY: `begin_at_once` keeps no reference when it returns. A closure would not always be inlined.
    let core = unsafe { scheduler::resuming(context) }?;
    if stage == Stage::New { begin_at_once(core, operation, context) } else { None }
}

/// How far an operation is.
#[inline(always)] // as `poll`
fn stage_of<O: Operation>(operation: &mut O) -> Stage {
    // SAFETY: the caller has the operation exclusively.
    unsafe { operation.ticket().stage() }
}

/// An operation is so far.
#[inline(always)] // as `poll`
fn set_stage<O: Operation>(operation: &mut O, stage: Stage) {
    // SAFETY: the caller has the operation exclusively.
    unsafe { operation.ticket().set_stage(stage) };
}

/// Takes the result of an operation that has begun, if the kernel has done it without an error.
#[inline(always)] // as `poll`
fn take_landed<O: Operation>(operation: &mut O) -> Option<Poll<io::Result<usize>>> {
    let value = operation.ticket().landed_value(O::YIELDS_FD)?;
    set_stage(operation, Stage::Ended);
    Some(Poll::Ready(Ok(value)))
}

/// As [`poll`], where that has been inlined often enough.
#[cold]
#[inline(never)]
pub(crate) fn poll_rarely<O: Operation>(
    operation: Pin<&mut O>,
    context: &mut Context<'_>,
) -> Poll<io::Result<usize>> {
    poll(operation, context)
}

/// Begins a new operation of the task that `core` resumes with `context`, if nothing is unusual. `None`:
/// nothing was done.
#[inline(always)] // as `poll`
fn begin_at_once<O: Operation>(
    core: &Core,
    operation: &mut O,
    context: &Context<'_>,
) -> Option<Poll<io::Result<usize>>> {
    #[cfg(target_os = "linux")]
    if core.is_completion() {
        if O::MAY_BE_ATTEMPTED && core.places().take_lone() {
            return attempt_or_submit(core, operation);
        }
        return submit_at_once(core, core.places(), operation);
    }
    // A write is always attempted: there is nearly always room.
    if O::INTEREST == Interest::Read && park_at_once(core, operation) {
        return Some(Poll::Pending);
    }
    Some(attempt_at_once(operation, context))
}

/// Attempts an operation that is new, and gives it to the kernel if that would block. `None`: nothing was done.
#[cfg(target_os = "linux")]
#[inline(never)] // so that what is usual under load is short
fn attempt_or_submit<O: Operation>(
    core: &Core,
    operation: &mut O,
) -> Option<Poll<io::Result<usize>>> {
    let result = operation.attempt();
    let errno = result.as_ref().err().map(Errno::from_io_error);
    let is_to_be_made_again = |errno| operation.remedy(errno) != Remedy::Report;
    if errno.flatten().is_some_and(is_to_be_made_again) {
        return submit_at_once(core, core.places(), operation);
    }
    set_stage(operation, Stage::Ended);
    Some(Poll::Ready(result))
}

/// Attempts an operation that is new.
#[inline(always)] // as `poll`
fn attempt_at_once<O: Operation>(
    operation: &mut O,
    context: &Context<'_>,
) -> Poll<io::Result<usize>> {
    match operation.attempt() {
        Ok(value) => {
            if operation.is_short(value) {
                note_short(operation);
            }
            set_stage(operation, Stage::Ended);
            Poll::Ready(Ok(value))
        }
        Err(error) => mend_unusual(operation, context, error),
    }
}

/// A call moved fewer bytes than it was asked to.
#[inline(never)] // most attempts have no need of it
fn note_short<O: Operation>(operation: &O) {
    scheduler::with(|core| {
        if let Some(core) = core.filter(|core| !core.is_completion()) {
            core.interests().ran_short(operation.descriptor(), O::INTEREST);
        }
    });
}

/// As [`mend`], where nothing is at hand.
#[cold]
#[inline(never)]
fn mend_unusual<O: Operation>(
    operation: &mut O,
    context: &Context<'_>,
    error: io::Error,
) -> Poll<io::Result<usize>> {
    scheduler::with(|core| match core {
        Some(core) => mend(core, operation, context, error),
        None => Poll::Ready(Err(scheduler::outside())),
    })
}

/// Begins an operation, or does what has to be done once what it waited for has come.
#[cold]
#[inline(never)]
fn drive<O: Operation>(operation: &mut O, context: &Context<'_>) -> Poll<io::Result<usize>> {
    if stage_of(operation) == Stage::Begun && operation.ticket().is_ready() {
        set_stage(operation, Stage::New);
        return attempt_at_once(operation, context);
    }
    if O::MAY_BE_ATTEMPTED && stage_of(operation) == Stage::New && is_elsewhere(operation) {
        return attempt_at_once(operation, context);
    }
    scheduler::with(|core| match core {
        Some(core) if stage_of(operation) == Stage::New => begin(core, operation, context),
        Some(core) => go_on(core, operation, context),
        None => Poll::Ready(Err(scheduler::outside())),
    })
}

/// Whether the operation works on memory that no driver can have.
fn is_elsewhere<O: Operation>(operation: &O) -> bool {
    let is_elsewhere = |core: &Core| !operation.is_in(core.home()) && !operation.is_void();
    scheduler::with(|core| core.is_some_and(is_elsewhere))
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
    let result = match progress_of(core, operation, context) {
        Progress::Ready => operation.attempt(),
        Progress::Pending => return Poll::Pending,
        Progress::Done(result) => value_of(result),
        Progress::Elsewhere => return Poll::Ready(Err(scheduler::outside())),
    };
    settle(core, operation, context, result)
}

/// Looks at what has become of an operation that is not new. If it is over, it is new again.
fn progress_of<O: Operation>(core: &Core, operation: &mut O, context: &Context<'_>) -> Progress {
    let has_begun = stage_of(operation) == Stage::Begun;
    assert!(has_begun, "an operation was polled after it gave its result");
    let progress = operation.ticket().progress(core, context);
    if let Progress::Ready | Progress::Done(_) = progress {
        set_stage(operation, Stage::New);
    }
    progress
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
            if operation.is_short(value) {
                note_short(operation);
            }
            set_stage(operation, Stage::Ended);
            Poll::Ready(Ok(value))
        }
        Err(error) => mend(core, operation, context, error),
    }
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
                set_stage(operation, Stage::Ended);
                return Poll::Ready(Err(error));
            }
        };
        match result {
            Ok(value) => {
                set_stage(operation, Stage::Ended);
                return Poll::Ready(Ok(value));
            }
            Err(next) => error = next,
        }
    }
}

/// Gives a new operation of the running task to the kernel if that is allowed, and nothing is unusual. The
/// task was resumed with the context at hand.
#[cfg(target_os = "linux")]
#[inline(always)]
fn submit_at_once<O: Operation>(
    core: &Core,
    places: &Places,
    operation: &mut O,
) -> Option<Poll<io::Result<usize>>> {
    let place = places.next()?;
    let home = core.home();
    if !home.holds(operation) || !operation.is_in(home) {
        return None;
    }
    // SAFETY: the operation and its memory lie in the slot of the running task.
    let entry = unsafe { hand_over(core, operation, home) };
    // SAFETY: the kernel owns the memory until the completion: `hand_over`. The place was looked up above, and
    // the core has the ring.
    unsafe { places.put(place, entry) };
    Some(Poll::Pending)
}

/// Gives the operation to the kernel if that is allowed.
#[cfg(target_os = "linux")]
fn submit<O: Operation>(core: &Core, operation: &mut O, context: &Context<'_>) -> bool {
    let Some(ring) = core.ring() else { return false };
    let home = core.home();
    if !home.holds(operation) || !(operation.is_in(home) || operation.is_void()) {
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
        let wake = Wake::Other(context.waker().clone());
        let relay = |distance| core.ledger().borrow_mut().relay(wake, distance);
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
    operation.ticket().set_in_kernel(
        core,
        home.distance_in(operation, operation.ticket()),
        O::YIELDS_FD,
    );
    set_stage(operation, Stage::Begun);
    entry
}

/// Parks a new operation of the running task, without an attempt, if it is known that it would block.
/// The task was resumed with the context at hand.
#[inline(always)] // as `poll`
fn park_at_once<O: Operation>(core: &Core, operation: &mut O) -> bool {
    let home = core.home();
    home.holds(operation) && park(core, operation, home)
}

/// As [`park_at_once`], with whatever context.
fn park_blocked<O: Operation>(core: &Core, operation: &mut O, context: &Context<'_>) -> bool {
    let home = core.home();
    home.holds(operation) && home.is_woken_by(context) && park(core, operation, home)
}

/// Lets the operation, which `home` holds, wait for its descriptor, if it is known that it would block.
#[inline(always)]
fn park<O: Operation>(core: &Core, operation: &mut O, home: Home) -> bool {
    let (fd, ticket) = (operation.descriptor().as_raw_fd(), operation.ticket());
    let is_in_place = O::MAY_BE_IN_PLACE && operation.is_in(home);
    let parked = Parked {
        key: Key::new(home, ticket),
        distance: home.distance_in(operation, ticket),
        is_in_place,
    };
    let is_parked = core.interests().park_blocked(fd, O::INTEREST, parked);
    if is_parked {
        ticket.set_parked(core, fd, O::INTEREST);
        set_stage(operation, Stage::Begun);
    }
    is_parked
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
    let wake = Wake::new(context, core.home_of(operation));
    let waiting = core.ledger().borrow_mut().wait(operation.descriptor(), O::INTEREST, wake);
    // The wake of a wait that failed is dropped here, without a borrow.
    let index = waiting.map_err(|(error, _)| error)?;
    operation.ticket().set_record(core, index);
    set_stage(operation, Stage::Begun);
    Ok(())
}

fn await_descriptor<O: Operation>(core: &Core, operation: &mut O, context: &Context<'_>) {
    let wake = Wake::new(context, core.home_of(operation));
    let index = core.ledger().borrow_mut().starve(wake);
    operation.ticket().set_record(core, index);
    set_stage(operation, Stage::Begun);
}

/// A new operation is done in another way; its ticket only says so.
pub(crate) fn set_apart<O: Operation>(operation: &mut O) {
    operation.ticket().set_apart();
    set_stage(operation, Stage::Begun);
}

/// The other way that [`set_apart`] tells of has come to its end, and the operation has given its result.
pub(crate) fn set_ended<O: Operation>(operation: &mut O) {
    set_stage(operation, Stage::Ended);
}

/// Whether [`set_apart`] was called.
pub(crate) fn is_apart<O: Operation>(operation: &mut O) -> bool {
    stage_of(operation) == Stage::Begun && operation.ticket().is_apart()
}

/// Whether there is something to be done when the operation is dropped.
#[inline(always)] // as `poll`
pub(crate) fn is_unsettled<O: Operation>(operation: &mut O) -> bool {
    stage_of(operation) == Stage::Begun
}
