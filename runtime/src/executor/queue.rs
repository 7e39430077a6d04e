//! The word of an executor: the tasks that are to be resumed, a list that anybody extends and the executor
//! takes as a whole, and who may take it.
//!
//! The two are one word, as the addresses of headers leave two bits for the turn.
//!
//! # Invariants
//!
//! * `TurnSeen`: what was done in a turn is seen in the next one. Established by [`RunQueue::end`], which
//!   releases it, and by [`RunQueue::take`], with which each turn begins to resume, and which acquires
//!   it: between the two, the word is only changed by steps that read and write it at once.

use core::sync::atomic::Ordering::*;

use super::header::Task;
use super::link::LAST;
use crate::primitive::AtomicUsize;

/// The address of the task that was woken last, or zero, and in the lowest bits a [`Turn`].
/// All zeros when nobody is there and nobody resumes.
#[derive(Debug)]
pub(super) struct RunQueue(AtomicUsize);

/// Who may resume the tasks of an executor.
#[derive(Clone, Copy, Debug)]
pub(super) enum Turn {
    /// Nobody resumes tasks, and anybody may.
    Free = 0,
    /// Tasks are being resumed.
    Taken = 0b01,
    /// Nobody resumes tasks, and only the one who has the `Local` may.
    Owned = 0b11,
}

/// The bits of the turn. Headers are aligned for it.
const TURN: usize = 0b11;

/// Tasks that were taken from a queue, the oldest first.
#[derive(Debug)]
pub(super) struct Batch(usize);

impl RunQueue {
    /// A queue without tasks.
    pub(super) const fn new() -> Self {
        RunQueue(AtomicUsize::new(Turn::Free as usize))
    }

    /// Whether nobody is in the queue.
    pub(super) fn is_empty(&self) -> bool {
        self.0.load(Relaxed) & !TURN == 0
    }

    /// Whether it is the turn of the one who has the `Local`.
    pub(super) fn is_owned(&self) -> bool {
        self.0.load(Relaxed) & TURN == Turn::Owned as usize
    }

    /// Takes the turn. False: it was not free.
    pub(super) fn begin(&self) -> bool {
        // The others have this bit set already.
        self.0.fetch_or(Turn::Taken as usize, Relaxed) & TURN == Turn::Free as usize
    }

    /// Takes the turn for good, for one who gets the `Local`. False: it was not free.
    pub(super) fn own(&self) -> bool {
        let owned = |word| (word & TURN == Turn::Free as usize).then_some(word | TURN);
        self.0.fetch_update(Relaxed, Relaxed, owned).is_ok()
    }

    /// Gives the turn of those who resume tasks back: it is `after` from now on.
    pub(super) fn end(&self, after: Turn) {
        // ORDERING: pairs with `take`: `TurnSeen`.
        self.0.fetch_xor(Turn::Taken as usize ^ after as usize, Release);
    }

    /// Adds `task`. True: the queue was empty.
    ///
    /// # Safety
    ///
    /// * `take` or `wake` has told the caller to append this task, and it has not done so yet.
    pub(super) unsafe fn push(&self, task: Task) -> bool {
        let mut found = self.0.load(Relaxed);
        loop {
            let newest = found & !TURN;
            task.header().link.append(if newest == 0 { LAST } else { newest });
            let pushed = task.address() | found & TURN;
            // ORDERING: pairs with `take`: the links of the whole list are seen.
            match self.0.compare_exchange_weak(found, pushed, Release, Relaxed) {
                Ok(_) => return newest == 0,
                Err(other) => found = other,
            }
        }
    }

    /// Takes all tasks. The caller has the turn, or the `Local` whose it is.
    pub(super) fn take(&self) -> Batch {
        // ORDERING: pairs with `push`, and with `end`: `TurnSeen`.
        let mut newest = self.0.swap(Turn::Taken as usize, Acquire) & !TURN;
        let mut batch = Batch(LAST);
        // Neither zero, which an empty queue is, nor `LAST`.
        while newest > LAST {
            // SAFETY: the address is of a task in this list, which is taken: `OneList`.
            let task = unsafe { Task::at(newest) };
            newest = task.header().link.append(batch.0);
            batch.0 = task.address();
        }
        batch
    }
}

impl Batch {
    /// Takes the oldest task out, which waits from now on for the executor at the address.
    pub(super) fn leave(&mut self, executor: usize) -> Option<Task> {
        if self.0 == LAST {
            return None;
        }
        // SAFETY: the address is of a task in this list: `OneList`.
        let task = unsafe { Task::at(self.0) };
        self.0 = task.header().link.leave(executor);
        Some(task)
    }

    /// Whether no task is left.
    pub(super) const fn is_empty(&self) -> bool {
        self.0 == LAST
    }
}
