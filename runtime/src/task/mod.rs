//! A task: a header and a frame, side by side in a pool slot.
//!
//! ```text
//!   slot ──▶ ┌──────────┬──────────────────────────────┐
//!            │  header  │  frame, later the outcome    │
//!            └──────────┴──────────────────────────────┘
//!   who may touch what, and when
//!     state     anybody, through the transitions of `state.rs`
//!     next      the one who set QUEUED, until it leaves the queue
//!     frame     the one who set RUNNING
//!     outcome   the join handle once DONE; without a handle, the one who finished the task
//! ```
//!
//! # Invariants
//!
//! * `SlotPinned`: a future stays at its address in the slot from the spawn until it is dropped
//!   there, and it is dropped before the slot is reused or freed. Established by [`run`] and
//!   [`cancel`], the only ones who take a future out of the world.
//! * `SlotHeld`: a slot is neither reused nor freed while its task is unfinished, or while its join
//!   handle exists. Established by `State`: only one who finished or detached the task frees it.
//! * `OneQueue`: see [`state`].

mod header;
mod join;
mod queue;
mod raw;
mod state;
mod wake;
mod waker;
mod yield_now;

use core::future::Future;
use core::task::{Context, Poll};

pub(crate) use header::{Header, PAYLOAD_OFFSET, Slot, payload};
pub use join::{JoinError, JoinHandle};
pub(crate) use queue::Queue;
pub(crate) use raw::{Outcome, payload_align, payload_size};
pub(crate) use state::{Begin, Claim};
pub(crate) use wake::Wake;
pub(crate) use waker::slot_of;
pub use yield_now::YieldNow;

use crate::pool::Pool;

/// Puts `future` into `slot` and gives the handle of the task, which is not in a queue yet.
///
/// # Safety
///
/// * `slot` was taken from its pool by the caller, and its payload is large and aligned enough for
///   [`payload_size`] and [`payload_align`] of `F`.
/// * The future does not outlive what it borrows: it is `'static`, or the caller drops it in time.
/// * The future is `Send`, or the caller is on the thread of the pool's runtime.
#[inline(always)] // so that a frame is written where it stays, without the bytes that hold nothing
pub(crate) unsafe fn place<F: Future>(slot: Slot, future: F) -> JoinHandle<F::Output> {
    // SAFETY: this function's contract.
    unsafe { place_with(slot, || future) }
}

/// As [`place`], for a future that is made in the slot. If that panics, the slot is given back.
///
/// # Safety
///
/// * As for [`place`], of what `make` gives.
#[inline(always)] // as above
pub(crate) unsafe fn place_with<F: Future>(
    slot: Slot,
    make: impl FnOnce() -> F,
) -> JoinHandle<F::Output> {
    /// Gives the slot back that holds no task.
    struct Vacant(Slot);
    impl Drop for Vacant {
        fn drop(&mut self) {
            // SAFETY: it is the caller's of `place_with`, who gave it away, and is vacant.
            unsafe { Pool::give_back(self.0) };
        }
    }
    let vacant = Vacant(slot);
    // SAFETY: the caller owns the slot, and it is large and aligned enough.
    unsafe { payload::<F>(slot).write(make()) };
    core::mem::forget(vacant);
    // SAFETY: the memory of the slot is valid: the caller owns it.
    let header = unsafe { slot.as_ref() };
    debug_assert_eq!(header.in_flight.get(), 0);
    header.vtable.set(raw::Vtable::of::<F>());
    header.state.spawn();
    // SAFETY: the output is the future's, and this is the only handle.
    unsafe { JoinHandle::new(slot) }
}

/// Runs the task that was just taken from a queue. True: it was woken meanwhile, and the caller
/// must put it into a queue.
///
/// # Safety
///
/// * The caller took `slot` from a queue of the runtime that owns it, on its thread.
#[inline]
pub(crate) unsafe fn run(slot: Slot) -> bool {
    // SAFETY: an occupied slot is valid: `SlotHeld`.
    if unsafe { slot.as_ref() }.state.begin() == Begin::Drop {
        // SAFETY: `begin` gave the task to this caller.
        unsafe { cancel(slot) };
        return false;
    }
    // SAFETY: `begin` gave the task to this caller, who has its runtime's thread.
    unsafe { resume(slot) }
}

/// Resumes a task. True: it was woken meanwhile, and the caller must put it into a queue.
///
/// # Safety
///
/// * The caller runs the task, on the thread of its runtime: it made `State::begin` or
///   `State::begin_at_once` succeed.
#[inline]
pub(crate) unsafe fn resume(slot: Slot) -> bool {
    // SAFETY: an occupied slot is valid: `SlotHeld`.
    let header = unsafe { slot.as_ref() };
    let waker = waker::borrowed(slot);
    let resume = header.vtable.get().resume;
    // SAFETY: the vtable is the future's, and the caller runs the task.
    match unsafe { resume(slot, &mut Context::from_waker(&waker)) } {
        Poll::Pending => header.state.suspend(),
        Poll::Ready(()) => {
            finish(slot);
            false
        }
    }
}

/// Drops the future of the task and finishes it as canceled.
///
/// # Safety
///
/// * The caller runs the task: it made `State::begin` or `State::claim` succeed.
pub(crate) unsafe fn cancel(slot: Slot) {
    // SAFETY: an occupied slot is valid: `SlotHeld`.
    let cancel = unsafe { slot.as_ref() }.vtable.get().cancel;
    // SAFETY: the vtable is the future's, and the caller runs the task.
    unsafe { cancel(slot) };
    finish(slot);
}

/// Marks the task as done and wakes whoever waits for it.
fn finish(slot: Slot) {
    // SAFETY: an occupied slot is valid: `SlotHeld`.
    let header = unsafe { slot.as_ref() };
    let mut waker = None;
    let is_joinable = loop {
        match header.state.finish() {
            Some(is_joinable) => break is_joinable,
            // Wakers are dropped outside the lock: that may be anybody's code.
            None => drop(core::mem::replace(&mut waker, header.take_joiner())),
        }
    };
    if !is_joinable {
        // SAFETY: the task is done and has no handle, so the outcome belongs to this caller.
        unsafe { drop_outcome(slot) };
    }
    // The handle may have given the slot back, and with it the pool.
    if let Some(waker) = waker
        && is_joinable
    {
        waker::wake_task(waker);
    }
}

/// Drops the outcome and gives the slot back to its pool.
///
/// # Safety
///
/// * The task is done, and its outcome belongs to the caller.
unsafe fn drop_outcome(slot: Slot) {
    // SAFETY: by this function's contract the slot is still occupied.
    let drop_outcome = unsafe { slot.as_ref() }.vtable.get().drop_outcome;
    // SAFETY: by this function's contract.
    unsafe { drop_outcome(slot) };
    // SAFETY: nothing is left in the slot.
    unsafe { Pool::give_back(slot) };
}

/// Makes sure that the kernel has let go of a slot whose future is gone.
///
/// With futures that keep the pinning contract it has: every operation was dropped with the future.
/// This is the second line of defence, against `unsafe` code outside this crate. The kernel would
/// write into memory that is used for something else, so there is no way to go on.
fn expect_none_in_flight(slot: Slot) {
    // SAFETY: an occupied slot is valid: `SlotHeld`.
    if unsafe { slot.as_ref() }.in_flight.get() != 0 {
        std::process::abort();
    }
}
