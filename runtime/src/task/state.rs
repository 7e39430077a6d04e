//! The state word of a slot, and every transition it makes.
//!
//! ```text
//!            spawn (1)              begin (2)               suspend (4)
//!   FREE ───────────────▶ QUEUED ─────────────▶ RUNNING ────────────────▶ IDLE
//!    ▲                      ▲                    │ │ │▲                     │
//!    │                      │                    │ │ │└─ begin_at_once (2) ─┤
//!    │                      │   wake while       │  │  └── suspend, was ────┼─▶ QUEUED (4)
//!    │ free (6)             │   running (3)      │  │      woken meanwhile  │
//!    │                      └────────────────────┼──┼───── wake (3) ────────┘
//!    └────────────── DONE ◀── finish (5) ────────┘
//! ```
//!
//! 1. [`State::spawn`] by whoever took the slot from its pool.
//! 2. [`State::begin`] by the runtime that took the slot from a run queue, or
//!    [`State::begin_at_once`] by the runtime that has a completion for a task that waits.
//! 3. [`State::wake`] by anybody, on any thread. Only the transition from `IDLE` to `QUEUED` tells
//!    the caller to put the slot into a queue, so a slot is in at most one queue, and in none while
//!    it runs. That is the invariant `OneQueue`: the one who set `QUEUED` owns the queue link.
//! 4. [`State::suspend`] by the runtime, when the task waits.
//! 5. [`State::finish`] by the runtime, when the outcome is in the slot.
//! 6. [`State::free`] by whoever took or dropped the outcome.
//!
//! A waker that outlives its task finds the slot `FREE`, which ignores it, or finds a newer task,
//! which it resumes once for nothing: futures allow that.

use core::sync::atomic::Ordering::*;

use crate::primitive::AtomicU32;

/// The slot is in a run queue, or was woken while it runs. Never with `DONE`.
const QUEUED: u32 = 1;
/// The task is being resumed or dropped. Only the one who set this may touch the future.
const RUNNING: u32 = 1 << 1;
/// The slot holds a task. Set from spawn to free.
const OCCUPIED: u32 = 1 << 2;
/// The future is gone and the outcome is in the slot.
const DONE: u32 = 1 << 3;
/// A join handle exists: the outcome is kept for it.
const JOINABLE: u32 = 1 << 4;
/// The next one to run the task drops its future instead of resuming it.
const ABORTED: u32 = 1 << 5;

/// The join handle has left a waker in the header. Set and cleared under the lock of the header;
/// `DONE` is set only without it.
const AWAITED: u32 = 1 << 6;

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
}

/// What a runtime that shuts down found in a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Claim {
    /// A suspended task, now claimed by the caller as if it were running.
    Claimed,
    /// Another thread is about to put the task into a queue; it will notice the shutdown.
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

    /// Asks for a task to be resumed again that is being resumed, whose runtime will put it into a
    /// queue. False: it is not, and nothing was done.
    #[inline]
    pub(crate) fn wake_running(&self) -> bool {
        let state = self.0.load(Relaxed);
        let is_running = state & (QUEUED | RUNNING | DONE) == RUNNING;
        // ORDERING: pairs with `begin`, as in `request`.
        is_running && self.0.compare_exchange(state, state | QUEUED, AcqRel, Relaxed).is_ok()
    }

    /// Asks for the task to be dropped. True: the caller must put the slot into a queue.
    pub(crate) fn abort(&self) -> bool {
        self.request(ABORTED)
    }

    fn request(&self, flag: u32) -> bool {
        // ORDERING: pairs with `begin`: what was written before the wake is seen by the resume.
        let change = |state: u32| {
            let is_live = state & OCCUPIED != 0 && state & DONE == 0;
            is_live.then_some(state | QUEUED | flag)
        };
        match self.0.fetch_update(AcqRel, Acquire, change) {
            Ok(before) => before & (QUEUED | RUNNING) == 0,
            Err(_) => false,
        }
    }

    /// Takes a wake back, because the queue is closed. The caller had set `QUEUED`.
    pub(crate) fn unqueue(&self) {
        // ORDERING: pairs with `claim`.
        self.0.fetch_and(!QUEUED, Release);
    }

    /// The task leaves its queue and runs. The caller took it from the queue.
    #[inline]
    pub(crate) fn begin(&self) -> Begin {
        // One addition turns QUEUED into RUNNING: the queue's owner is alone in changing them.
        debug_assert!(self.0.load(Relaxed) & (QUEUED | RUNNING) == QUEUED);
        // ORDERING: pairs with `spawn` and `request`.
        let before = self.0.fetch_add(RUNNING - QUEUED, AcqRel);
        if before & ABORTED == 0 { Begin::Resume } else { Begin::Drop }
    }

    /// The task has become ready and runs at once. False: it waits no more, and is to be woken as by
    /// anybody.
    #[inline]
    pub(crate) fn begin_at_once(&self) -> bool {
        let state = self.0.load(Relaxed);
        let is_idle = state & (OCCUPIED | DONE | QUEUED | RUNNING) == OCCUPIED;
        // ORDERING: pairs with `spawn` and `suspend`.
        is_idle && self.0.compare_exchange(state, state | RUNNING, AcqRel, Relaxed).is_ok()
    }

    /// The task waits. True: it was woken meanwhile, and the caller must put it into a queue.
    #[inline]
    pub(crate) fn suspend(&self) -> bool {
        // One subtraction takes RUNNING away: only the caller has set it.
        debug_assert!(self.0.load(Relaxed) & RUNNING != 0);
        // ORDERING: pairs with `begin` on another thread and with `claim`.
        let before = self.0.fetch_sub(RUNNING, AcqRel);
        before & QUEUED != 0
    }

    /// The outcome is in the slot. `Some(true)`: a join handle exists and takes care of it, and the
    /// caller must not touch the slot any more. `None`: nothing was done, and the caller takes the
    /// waker of the handle away first.
    pub(crate) fn finish(&self) -> Option<bool> {
        // ORDERING: pairs with `is_done`, `detach` and `await_end`: the outcome was written before.
        let change =
            |state: u32| (state & AWAITED == 0).then_some((state & !(RUNNING | QUEUED)) | DONE);
        self.0.fetch_update(AcqRel, Acquire, change).ok().map(|before| before & JOINABLE != 0)
    }

    /// The handle has left a waker in the header. True: the task is done already, and nobody wakes it.
    #[inline]
    pub(crate) fn await_end(&self) -> bool {
        // ORDERING: pairs with `finish`.
        self.0.fetch_or(AWAITED, AcqRel) & DONE != 0
    }

    /// The waker of the handle was taken away.
    pub(crate) fn await_no_more(&self) {
        // ORDERING: pairs with `await_end`.
        self.0.fetch_and(!AWAITED, AcqRel);
    }

    /// Whether the outcome is in the slot.
    #[inline]
    pub(crate) fn is_done(&self) -> bool {
        // ORDERING: pairs with `finish`.
        self.0.load(Acquire) & DONE != 0
    }

    /// The join handle is gone. True: the task is done, and the caller must drop its outcome.
    pub(crate) fn detach(&self) -> bool {
        // ORDERING: pairs with `finish`.
        self.0.fetch_and(!JOINABLE, AcqRel) & DONE != 0
    }

    /// The slot holds nothing any more. The caller gives it back to its pool afterwards.
    #[inline]
    pub(crate) fn free(&self) {
        // ORDERING: pairs with `request` of a late waker.
        self.0.store(0, Release);
    }

    /// Claims a suspended task in order to drop it at shutdown.
    pub(crate) fn claim(&self) -> Claim {
        let change = |state: u32| {
            let is_idle = state & OCCUPIED != 0 && state & (DONE | QUEUED | RUNNING) == 0;
            is_idle.then_some(state | RUNNING)
        };
        // ORDERING: pairs with `spawn`, `suspend` and `unqueue`.
        match self.0.fetch_update(AcqRel, Acquire, change) {
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
    use super::{Begin, Claim, State};

    #[test]
    fn one_wake_queues_once() {
        let state = State::new();
        state.spawn();
        assert!(!state.wake(), "already in the queue");
        assert_eq!(state.begin(), Begin::Resume);
        assert!(!state.suspend());
        assert!(state.wake());
        assert!(!state.wake());
    }

    #[test]
    fn a_wake_while_running_is_kept() {
        let state = State::new();
        state.spawn();
        state.begin();
        assert!(!state.wake(), "the runner queues it");
        assert!(state.suspend());
        assert_eq!(state.begin(), Begin::Resume);
    }

    #[test]
    fn only_a_running_task_is_woken_without_a_queue() {
        let state = State::new();
        assert!(!state.wake_running());
        state.spawn();
        assert!(!state.wake_running());
        state.begin();
        assert!(state.wake_running());
        assert!(!state.wake_running());
        assert!(state.suspend(), "the runner queues it");
    }

    #[test]
    fn a_finished_task_ignores_wakes() {
        let state = State::new();
        state.spawn();
        state.begin();
        state.wake();
        assert!(state.finish() == Some(true));
        assert!(state.is_done());
        assert!(!state.wake());
        assert!(state.detach());
        state.free();
        assert!(!state.wake());
        assert!(!state.abort());
    }

    #[test]
    fn a_waker_is_taken_away_before_the_end() {
        let state = State::new();
        state.spawn();
        state.begin();
        assert!(!state.await_end());
        assert_eq!(state.finish(), None);
        assert!(!state.is_done());
        state.await_no_more();
        assert_eq!(state.finish(), Some(true));
        assert!(state.await_end(), "too late");
    }

    #[test]
    fn an_aborted_task_is_dropped_when_it_would_run() {
        let state = State::new();
        state.spawn();
        assert!(!state.abort());
        assert_eq!(state.begin(), Begin::Drop);
        assert_eq!(state.claim(), Claim::Nothing);
    }

    #[test]
    fn only_idle_tasks_are_claimed() {
        let state = State::new();
        assert_eq!(state.claim(), Claim::Nothing);
        state.spawn();
        assert_eq!(state.claim(), Claim::Busy);
        state.begin();
        state.suspend();
        assert_eq!(state.claim(), Claim::Claimed);
    }
}
