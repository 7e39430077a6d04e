//! A task: a header and a frame, side by side in a pool slot.
//!
//! ```text
//!   slot ──▶ ┌──────────┬──────────────────────────────┐
//!            │  header  │  frame, later the outcome    │
//!            └──────────┴──────────────────────────────┘
//!   who may touch what, and when
//!     state     anybody, through the transitions of `state.rs`
//!     next      the one who set QUEUED, until it leaves the queue
//!     joiner    who has it by AWAITED and LEAVING
//!     frame     the thread of the runtime, until ENDED
//!     outcome   the join handle once DONE; without a handle, the one who finished the task
//! ```
//!
//! # Invariants
//!
//! * `SlotPinned`: a future stays at its address in the slot from the spawn until it is dropped
//!   there, and it is dropped before the slot is reused or freed. Established by [`resume`] and
//!   [`cancel`], the only ones who take a future out of the world.
//! * `SlotHeld`: a slot is neither reused nor freed while its task is unfinished, while it is in a
//!   queue, or while its join handle exists. Established by `State`: only one who finished or detached
//!   the task frees it.
//! * `OneQueue`, `OneJoiner`: see [`state`].

mod header;
mod join;
mod queue;
mod raw;
mod state;
mod wake;
mod waker;
mod yield_now;

use core::future::Future;
use core::task::{Context, Poll, Waker};

pub(crate) use header::{Header, PAYLOAD_OFFSET, Slot, payload};
pub use join::{JoinError, JoinHandle};
pub(crate) use queue::Queue;
pub(crate) use raw::{Outcome, payload_align, payload_size};
use state::Finish;
pub(crate) use state::{Begin, Claim};
pub(crate) use wake::Wake;
pub(crate) use waker::{borrowed, redirect, slot_of, wake_at_once};
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
    let vtable = raw::Vtable::of::<F>();
    header.vtable.set(vtable);
    header.resume.set(vtable.resume);
    header.state.spawn();
    // SAFETY: the output is the future's, and this is the only handle.
    unsafe { JoinHandle::new(slot) }
}

/// Resumes a task. `Ready`: it has ended, and the caller calls [`finish`].
///
/// # Safety
///
/// * The task is in `slot` and has not ended, and the caller is on the thread of its runtime and runs
///   no other task there.
/// * `waker` wakes it.
#[inline(always)] // for few callers
pub(crate) unsafe fn resume(slot: Slot, waker: &Waker) -> Poll<()> {
    // SAFETY: an occupied slot is valid: `SlotHeld`.
    let resume = unsafe { slot.as_ref() }.resume.get();
    // SAFETY: the function is the future's, and the caller runs the task.
    unsafe { resume(slot, &mut Context::from_waker(waker)) }
}

/// Drops the future of the task and finishes it as canceled. Gives the waker that its handle has left,
/// to be woken.
///
/// # Safety
///
/// * As for [`resume`].
pub(crate) unsafe fn cancel(slot: Slot) -> Option<Waker> {
    // SAFETY: an occupied slot is valid: `SlotHeld`.
    let header = unsafe { slot.as_ref() };
    header.state.end();
    // SAFETY: the vtable is the future's, and the caller runs the task.
    unsafe { (header.vtable.get().cancel)(slot) };
    // SAFETY: its future is gone.
    unsafe { finish(slot) }
}

/// Marks the task as done, unless its slot is in a queue. Gives the waker that its handle has left, to
/// be woken.
///
/// # Safety
///
/// * The outcome of the task has taken the place of its future, and the end was not told yet.
#[inline]
pub(crate) unsafe fn finish(slot: Slot) -> Option<Waker> {
    // SAFETY: an occupied slot is valid: `SlotHeld`.
    let header = unsafe { slot.as_ref() };
    let (is_joinable, waker) = match header.state.finish() {
        Finish::Queued => return None,
        Finish::Done { is_joinable } => (is_joinable, None),
        Finish::Awaited => {
            // SAFETY: `finish` gave the waker to this caller: `OneJoiner`.
            let waker = unsafe { header.take_joiner() };
            (header.state.leave(), Some(waker))
        }
    };
    if !is_joinable {
        // SAFETY: the task is done and has no handle, so the outcome belongs to this caller.
        unsafe { drop_outcome(slot) };
    }
    waker
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
#[inline]
fn expect_none_in_flight(slot: Slot) {
    // SAFETY: an occupied slot is valid: `SlotHeld`.
    if unsafe { slot.as_ref() }.in_flight.get() != 0 {
        std::process::abort();
    }
}
