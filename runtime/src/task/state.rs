//! The state word of a slot, and every transition it makes.
//!
//! ```text
//!            spawn (1)              begin (2)                 wake (3)
//!   FREE ───────────────▶ QUEUED ─────────────▶ IDLE ─────────────────────▶ QUEUED
//!    ▲                                           │
//!    │ free (6)                        finish (5)│  was queued again
//!    └──────────── DONE ◀────────────────────────┴──────────────▶ QUEUED, ENDED
//!                    ▲                                                │
//!                    └───────────────────── begin, finish (5) ────────┘
//! ```
//!
//! 1. [`State::spawn`] by whoever took the slot from its pool.
//! 2. [`State::begin`] by the runtime that took the slot from a run queue, and that runs the task
//!    then.
//! 3. [`State::wake`] by anybody, on any thread, also while the task runs. Only the transition to
//!    `QUEUED` tells the caller to put the slot into a queue, so a slot is in at most one queue.
//!    That is the invariant `OneQueue`: the one who set `QUEUED` owns the queue link.
//! 4. A task that is being resumed has no state of its own: only the thread of its runtime does that,
//!    one task at a time. So a runtime that has a completion for a task runs it at once, whether it
//!    is in a queue or not; if it is, it is resumed once more for nothing, which futures allow.
//! 5. [`State::finish`] by the runtime, when the outcome is in the slot. A slot that is in a queue
//!    then is done only when it has left that: nobody may free it before. Nobody wakes it meanwhile.
//! 6. [`State::free`] by whoever took or dropped the outcome.
//!
//! A waker that outlives its task finds the slot `FREE`, which ignores it, or finds a newer task,
//! which it resumes once for nothing.
//!
//! # The waker of the handle
//!
//! ```text
//!              await_end                        finish
//!   (handle's) ──────────▶ AWAITED (anybody's) ────────▶ LEAVING (runtime's) ── leave ──▶ DONE
//!       ▲                    │
//!       └── await_no_more ───┘
//! ```
//!
//! Invariant `OneJoiner`: the waker in the header belongs to the handle while `AWAITED` is not set.
//! While it is, both may take it, and who clears the bit has it: the handle by `await_no_more`, the
//! runtime by `finish`, which sets `LEAVING`; then the handle sets the bit no more.

use core::sync::atomic::Ordering::*;

use crate::primitive::AtomicU32;

/// The slot is in a run queue, or whoever set this is about to put it there. Never with `DONE`.
const QUEUED: u32 = 1;
/// The future is gone, or about to be: nobody resumes it, and wakes are ignored.
const ENDED: u32 = 1 << 1;
/// The slot holds a task. Set from spawn to free.
const OCCUPIED: u32 = 1 << 2;
/// The future is gone and the outcome is in the slot. Always with `ENDED`.
const DONE: u32 = 1 << 3;
/// A join handle exists: the outcome is kept for it.
const JOINABLE: u32 = 1 << 4;
/// The next one to take the task from a queue drops its future instead of resuming it.
const ABORTED: u32 = 1 << 5;
/// The join handle has left a waker in the header: `OneJoiner`.
const AWAITED: u32 = 1 << 6;
/// The runtime has taken that waker, and is about to set `DONE`.
const LEAVING: u32 = 1 << 7;

/// The state word of one slot.
#[derive(Debug)]
pub(crate) struct State(AtomicU32);

/// What the runtime does with a task it took from a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Begin {
    /// Resume the future.
    Resume,
    /// Drop the future: the task was aborted.
    Drop,
    /// Finish the task, whose future is gone already.
    Finish,
}

/// How the end of a task was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Finish {
    /// The task is done. If a join handle exists, that takes care of the outcome, and the caller must
    /// not touch the slot any more.
    Done { is_joinable: bool },
    /// Not yet: the waker of the handle is the caller's, who takes it and calls `leave`.
    Awaited,
    /// Not yet: the slot is in a queue. Who takes it from there calls `finish` again.
    Queued,
}

/// What a join handle finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// The task has not ended, and the handle has left no waker.
    Unawaited,
    /// The task has not ended, and the handle has left a waker, or the runtime has it already.
    Awaited,
    /// The task is done.
    Done,
}

/// What a join handle finds that has left a waker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Await {
    /// The task will end, and wake it.
    Waits,
    /// The task ends just now. The waker is still the handle's, and nobody will wake it.
    Leaving,
    /// The task is done. The waker is still the handle's.
    Done,
}

/// What a runtime that shuts down found in a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Claim {
    /// A suspended task, which nobody wakes any more. The caller drops its future.
    Claimed,
    /// A task without a future, which the caller finishes.
    Ended,
    /// It is in a queue, or another thread is about to put it there; that will notice the shutdown.
    Busy,
    /// Nothing to drop.
    Nothing,
}

impl State {
    /// The state of a slot without a task.
    pub(crate) fn new() -> Self {
        State(AtomicU32::new(0))
    }

    /// The slot holds a new task, which the caller must put into a queue.
    #[inline]
    pub(crate) fn spawn(&self) {
        // ORDERING: pairs with `begin` and `claim`: the future was written before.
        self.0.store(OCCUPIED | QUEUED | JOINABLE, Release);
    }

    /// Asks for the task to be resumed. True: the caller must put the slot into a queue.
    #[inline]
    pub(crate) fn wake(&self) -> bool {
        self.request(0)
    }

    /// Asks for the task to be dropped. True: the caller must put the slot into a queue.
    pub(crate) fn abort(&self) -> bool {
        self.request(ABORTED)
    }

    #[inline]
    fn request(&self, flag: u32) -> bool {
        // ORDERING: pairs with `begin`: what was written before the wake is seen by the resume.
        let change = |state: u32| {
            let is_live = state & (OCCUPIED | ENDED) == OCCUPIED;
            is_live.then_some(state | QUEUED | flag)
        };
        match self.0.fetch_update(AcqRel, Acquire, change) {
            Ok(before) => before & QUEUED == 0,
            Err(_) => false,
        }
    }

    /// Whether the task waits, in no queue, and is to be resumed when it is woken. Asked by its runtime.
    #[inline]
    pub(crate) fn is_waiting(&self) -> bool {
        // ORDERING: pairs with `spawn`.
        let state = self.0.load(Acquire);
        state & (OCCUPIED | QUEUED | ENDED | ABORTED) == OCCUPIED
    }

    /// Takes a wake back, because the queue is closed. The caller had set `QUEUED`.
    pub(crate) fn unqueue(&self) {
        // ORDERING: pairs with `claim`.
        self.0.fetch_and(!QUEUED, Release);
    }

    /// The task leaves its queue. The caller took it from the queue, and is its runtime.
    #[inline]
    pub(crate) fn begin(&self) -> Begin {
        // One subtraction takes QUEUED away: the queue's owner is alone in changing it.
        debug_assert!(self.0.load(Relaxed) & QUEUED != 0);
        // ORDERING: pairs with `spawn` and `request`.
        let before = self.0.fetch_sub(QUEUED, AcqRel);
        match before & (ABORTED | ENDED) {
            0 => Begin::Resume,
            ABORTED => Begin::Drop,
            _ => Begin::Finish,
        }
    }

    /// The runtime is about to drop the future: wakes are ignored from now on.
    pub(crate) fn end(&self) {
        // ORDERING: pairs with nothing: who wakes the task in vain has nothing to see.
        self.0.fetch_or(ENDED, Relaxed);
    }

    /// The outcome is in the slot.
    #[inline]
    pub(crate) fn finish(&self) -> Finish {
        let state = self.0.load(Relaxed);
        if state & (AWAITED | QUEUED) == AWAITED {
            let leaving = (state & !AWAITED) | ENDED | LEAVING;
            // ORDERING: as below.
            if self.0.compare_exchange(state, leaving, AcqRel, Relaxed).is_ok() {
                return Finish::Awaited;
            }
        }
        self.finish_unawaited()
    }

    fn finish_unawaited(&self) -> Finish {
        let change = |state: u32| match state & (AWAITED | QUEUED) {
            0 => state | ENDED | DONE,
            AWAITED => (state & !AWAITED) | ENDED | LEAVING,
            _ => state | ENDED,
        };
        // ORDERING: pairs with `is_done`, `detach` and `await_end`: the outcome was written before,
        // and the waker is read after.
        let mut before = self.0.load(Relaxed);
        while let Err(now) = self.0.compare_exchange_weak(before, change(before), AcqRel, Relaxed) {
            before = now;
        }
        match before & (AWAITED | QUEUED) {
            0 => Finish::Done { is_joinable: before & JOINABLE != 0 },
            AWAITED => Finish::Awaited,
            _ => Finish::Queued,
        }
    }

    /// The waker of the handle was taken away, as `finish` has asked for: the task is done. Gives
    /// whether a join handle exists, as `finish` does.
    #[inline]
    pub(crate) fn leave(&self) -> bool {
        // One addition sets DONE: only the caller does.
        debug_assert!(self.0.load(Relaxed) & (LEAVING | DONE | QUEUED) == LEAVING);
        // ORDERING: as `finish`.
        self.0.fetch_add(DONE, AcqRel) & JOINABLE != 0
    }

    /// What the handle finds, which calls this.
    #[inline]
    pub(crate) fn look(&self) -> Look {
        // ORDERING: pairs with `finish` and `leave`.
        let state = self.0.load(Acquire);
        match state & (DONE | AWAITED) {
            0 => Look::Unawaited,
            AWAITED => Look::Awaited,
            _ => Look::Done,
        }
    }

    /// Whether the handle, which calls this, has left a waker in the header.
    #[inline]
    pub(crate) fn is_awaited(&self) -> bool {
        self.0.load(Relaxed) & AWAITED != 0
    }

    /// The handle has put a waker into the header, where it had none.
    #[inline]
    pub(crate) fn await_end(&self) -> Await {
        // One addition sets the bit: only the handle does. It means nothing once the task leaves.
        debug_assert!(self.0.load(Relaxed) & AWAITED == 0);
        // ORDERING: pairs with `finish`: the waker was written before, and the outcome is read after.
        let before = self.0.fetch_add(AWAITED, AcqRel);
        if before & (DONE | LEAVING) == 0 { Await::Waits } else { self.awaited_too_late() }
    }

    #[cold]
    fn awaited_too_late(&self) -> Await {
        // ORDERING: as in `await_end`.
        let before = self.0.fetch_sub(AWAITED, AcqRel);
        if before & DONE == 0 { Await::Leaving } else { Await::Done }
    }

    /// The handle wants the waker back. False: the runtime has it.
    pub(crate) fn await_no_more(&self) -> bool {
        // ORDERING: pairs with `finish`.
        self.0.fetch_and(!AWAITED, AcqRel) & AWAITED != 0
    }

    /// Whether the outcome is in the slot.
    #[inline]
    pub(crate) fn is_done(&self) -> bool {
        // ORDERING: pairs with `finish` and `leave`.
        self.0.load(Acquire) & DONE != 0
    }

    /// The join handle is gone. True: the task is done, and the caller must drop its outcome.
    pub(crate) fn detach(&self) -> bool {
        // ORDERING: pairs with `finish` and `leave`.
        self.0.fetch_and(!JOINABLE, AcqRel) & DONE != 0
    }

    /// The slot holds nothing any more. The caller gives it back to its pool afterwards.
    #[inline]
    pub(crate) fn free(&self) {
        debug_assert!(self.0.load(Relaxed) & (QUEUED | AWAITED) == 0);
        // ORDERING: pairs with `request` of a late waker.
        self.0.store(0, Release);
    }

    /// Claims a suspended task in order to drop it at shutdown.
    pub(crate) fn claim(&self) -> Claim {
        let change = |state: u32| {
            let is_idle = state & OCCUPIED != 0 && state & (DONE | QUEUED) == 0;
            is_idle.then_some(state | ENDED)
        };
        // ORDERING: pairs with `spawn` and `unqueue`.
        match self.0.fetch_update(AcqRel, Acquire, change) {
            Ok(state) if state & ENDED != 0 => Claim::Ended,
            Ok(_) => Claim::Claimed,
            Err(state) if state & QUEUED != 0 => Claim::Busy,
            Err(_) => Claim::Nothing,
        }
    }
}

#[cfg(all(test, loom))]
#[path = "tests/loom.rs"]
mod loom_tests;

#[cfg(all(test, not(loom)))]
mod tests {
    use super::{Await, Begin, Claim, Finish, State};

    const FOR_HANDLE: Finish = Finish::Done { is_joinable: true };

    fn running() -> State {
        let state = State::new();
        state.spawn();
        assert_eq!(state.begin(), Begin::Resume);
        state
    }

    #[test]
    fn one_wake_queues_once() {
        let state = State::new();
        state.spawn();
        assert!(!state.wake(), "already in the queue");
        assert_eq!(state.begin(), Begin::Resume);
        assert!(state.wake(), "also while it runs");
        assert!(!state.wake());
    }

    #[test]
    fn a_finished_task_ignores_wakes() {
        let state = running();
        assert_eq!(state.finish(), FOR_HANDLE);
        assert!(state.is_done());
        assert!(!state.wake());
        assert!(state.detach());
        state.free();
        assert!(!state.wake());
        assert!(!state.abort());
    }

    #[test]
    fn a_task_that_is_queued_is_done_when_it_leaves_the_queue() {
        let state = running();
        assert!(state.wake());
        assert_eq!(state.finish(), Finish::Queued);
        assert!(!state.is_done());
        assert!(!state.wake(), "it is over");
        assert!(!state.abort());
        assert_eq!(state.begin(), Begin::Finish);
        assert_eq!(state.finish(), FOR_HANDLE);
    }

    #[test]
    fn a_waker_is_taken_away_before_the_end() {
        let state = running();
        assert_eq!(state.await_end(), Await::Waits);
        assert_eq!(state.finish(), Finish::Awaited);
        assert!(!state.is_done());
        assert!(!state.await_no_more(), "the runtime has it");
        assert_eq!(state.await_end(), Await::Leaving);
        assert!(state.leave());
        assert_eq!(state.await_end(), Await::Done);
    }

    #[test]
    fn a_handle_takes_its_waker_back() {
        let state = running();
        assert_eq!(state.await_end(), Await::Waits);
        assert!(state.await_no_more());
        assert!(!state.detach());
        assert_eq!(state.finish(), Finish::Done { is_joinable: false });
    }

    #[test]
    fn an_aborted_task_is_dropped_when_it_would_run() {
        let state = State::new();
        state.spawn();
        assert!(!state.abort());
        assert_eq!(state.begin(), Begin::Drop);
        state.end();
        assert!(!state.wake());
        assert_eq!(state.finish(), FOR_HANDLE);
        assert_eq!(state.claim(), Claim::Nothing);
    }

    #[test]
    fn only_idle_tasks_are_claimed() {
        let state = State::new();
        assert_eq!(state.claim(), Claim::Nothing);
        state.spawn();
        assert_eq!(state.claim(), Claim::Busy);
        state.begin();
        assert_eq!(state.claim(), Claim::Claimed);
        assert!(!state.wake());
        assert_eq!(state.claim(), Claim::Ended);
    }
}
