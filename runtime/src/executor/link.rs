//! The word of a task: whether it waits, and if not, what is behind it in the run queue.
//!
//! ```text
//!            take (1)             append (2)                leave (3)
//!   VACANT ───────────▶ LAST ──────────────────▶ queued ────────────────▶ waits on an executor
//!     ▲                  ▲                                                   │         │
//!     │                  └──────────────── wake (4) ─────────────────────────┘         │
//!     └─────────────────────────────────── vacate (5) ─────────────────────────────────┘
//! ```
//!
//! | value | the task |
//! |---|---|
//! | `VACANT`, 0 | there is none: the slot can be taken |
//! | the address of an executor, with the lowest bit set | waits, or is being resumed |
//! | `LAST`, 2, or the address of a header | is in a run queue, or is about to be put into one |
//!
//! 1. [`Link::take`] by whoever spawns. Only one succeeds.
//! 2. [`Link::append`] by whoever spawned or woke the task.
//! 3. [`Link::leave`] by the executor, before it resumes the task, so that a wake during the resume
//!    puts the task into the queue again.
//! 4. [`Link::wake`] by anybody: any thread, any interrupt. Only one of those who wake a waiting task
//!    is told to append it.
//! 5. [`Link::vacate`] by the executor, when the task has ended and nothing is left in the slot. It
//!    fails when the task was woken meanwhile: then it is in the queue, and is vacated when it
//!    leaves that.
//!
//! Keeping the executor's address in the word of those who wait, and the next task's in that of
//! those who do not, is what makes a header two words.
//!
//! # Invariants
//!
//! * `OneList`: a task is in at most one list of one queue. Established by `take` and `wake`, which
//!   tell one caller at a time to append it, and by `leave`, which only the list's owner calls.
//! * `WakeSeen`: what was written before a wake is seen by the next resume. A wake always writes the
//!   word, also when it finds the task queued, and all transitions read and write it in one step: so
//!   a wake either comes before `leave`, which acquires what it released, whatever came between
//!   them, or after it, and queues the task.

use core::sync::atomic::Ordering::*;

use crate::primitive::AtomicUsize;

/// No task.
const VACANT: usize = 0;
/// In a queue, with nothing behind it, or soon to be in one. No address: headers are aligned to
/// words.
pub(super) const LAST: usize = 2;
/// Set in the address of the executor a task waits on.
const WAITS: usize = 1;

/// The word of one task.
#[derive(Debug)]
pub(super) struct Link(AtomicUsize);

impl Link {
    /// The word of a slot without a task.
    pub(super) const fn vacant() -> Self {
        Link(AtomicUsize::new(VACANT))
    }

    /// Takes a vacant slot. True: it is the caller's, who fills it and appends it to a queue.
    pub(super) fn take(&self) -> bool {
        // ORDERING: pairs with `vacate`: what was in the slot is gone.
        self.0.compare_exchange(VACANT, LAST, Acquire, Relaxed).is_ok()
    }

    /// Whether the slot can be taken.
    pub(super) fn is_vacant(&self) -> bool {
        self.0.load(Relaxed) == VACANT
    }

    /// Asks for the task to be resumed. The address of its executor: the caller must put the task
    /// into its queue.
    pub(super) fn wake(&self) -> Option<usize> {
        // ORDERING: pairs with `leave`: `WakeSeen`.
        let before = self.0.fetch_and(!WAITS, Release);
        (before & WAITS != 0).then_some(before & !WAITS)
    }

    /// Puts the task before the task `next`, and gives what was there before.
    pub(super) fn append(&self, next: usize) -> usize {
        self.0.swap(next, Relaxed)
    }

    /// Takes the task out of its list, and gives the address of the next.
    pub(super) fn leave(&self, executor: usize) -> usize {
        // ORDERING: pairs with `wake`: `WakeSeen`.
        self.0.swap(executor | WAITS, Acquire)
    }

    /// Gives the slot free, unless the task was woken.
    pub(super) fn vacate(&self, executor: usize) -> bool {
        // ORDERING: pairs with `take`.
        self.0.compare_exchange(executor | WAITS, VACANT, Release, Relaxed).is_ok()
    }
}
