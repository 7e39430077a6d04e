//! Who runs which task when.
//!
//! One turn of the loop: run ready tasks up to a budget, take tasks that other threads woke, fire
//! timers, enter the kernel once, and wake those whose operations have completed.
//!
//! A task belongs to the runtime of its pool. A wake on the runtime's thread goes straight to the
//! run queue; a wake from elsewhere goes through [`Shared`], under a lock, and signals an event
//! only if the runtime sleeps.

mod attention;
mod core;
mod current;
mod running;
mod shared;

use std::io;

pub(crate) use self::core::Core;
pub(crate) use current::{Entered, resuming, with};
use running::Running;
pub(crate) use shared::{RuntimeId, Shared};

use crate::pool::Pool;
use crate::task::Slot;

/// The error for what was polled outside its runtime.
pub(crate) fn outside() -> io::Error {
    io::Error::other("this must be polled on the thread of its runtime, while the runtime runs")
}

/// The error for what there is no room for in a runtime whose memory is fixed. It takes none either.
pub(crate) fn no_room() -> io::Error {
    io::ErrorKind::OutOfMemory.into()
}

/// The error for what belongs to a runtime that has ended.
pub(crate) fn ended() -> io::Error {
    io::Error::other("the runtime of this handle has ended")
}

/// Asks for the task in `slot` to be resumed.
///
/// # Safety
///
/// * The memory of the slot is valid during the call.
pub(crate) unsafe fn wake(slot: Slot) {
    // SAFETY: by this function's contract.
    let header = unsafe { slot.as_ref() };
    // SAFETY: `State::wake` told this caller to queue the slot.
    if header.state.wake() && !unsafe { enqueue(slot) } {
        header.state.unqueue();
    }
}

/// Asks for the task in `slot` to be dropped.
///
/// # Safety
///
/// * The memory of the slot is valid during the call.
pub(crate) unsafe fn abort(slot: Slot) {
    // SAFETY: by this function's contract.
    let header = unsafe { slot.as_ref() };
    // SAFETY: `State::abort` told this caller to queue the slot.
    if header.state.abort() && !unsafe { enqueue(slot) } {
        header.state.unqueue();
    }
}

/// Queues the task that was just placed into `slot`; cancels it if the runtime has ended.
#[inline]
pub(crate) fn start(slot: Slot) {
    // SAFETY: `task::place` set `QUEUED` for this caller.
    if !unsafe { enqueue(slot) } {
        end_at_once(slot);
    }
}

#[cold]
fn end_at_once(slot: Slot) {
    // SAFETY: the task is occupied, and no queue took it, so this caller owns its link.
    unsafe { slot.as_ref() }.state.begin();
    // SAFETY: this caller runs the task. Its future is `Send`, or this is the thread it came from.
    let joiner = unsafe { crate::task::cancel(slot) };
    debug_assert!(joiner.is_none(), "the spawner has the handle yet");
}

/// Puts a slot into the queue of its runtime. False: the runtime has ended.
///
/// # Safety
///
/// * The caller set `QUEUED` in the slot's state.
#[inline]
unsafe fn enqueue(slot: Slot) -> bool {
    // SAFETY: a slot that was just queued is occupied.
    let pool = unsafe { slot.as_ref() }.pool;
    // SAFETY: an occupied slot keeps its pool alive: `PoolCounted`.
    let pool = unsafe { pool.as_ref() };
    with(|core| match core {
        Some(core) if core.id() == pool.runtime() => {
            // SAFETY: by this function's contract, and the runtime is the slot's.
            unsafe { core.push(slot) };
            true
        }
        // SAFETY: by this function's contract.
        _ => unsafe { pool.shared().push(pool.runtime(), slot) },
    })
}

/// Whether this thread runs the runtime of `pool`.
pub(crate) fn is_current(pool: &Pool) -> bool {
    with(|core| core.is_some_and(|core| core.id() == pool.runtime()))
}
