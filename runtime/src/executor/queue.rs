//! The tasks that are to be resumed: a list that anybody extends and the executor takes as a whole.

use core::sync::atomic::Ordering::*;

use super::header::Task;
use super::link::LAST;
use crate::primitive::AtomicUsize;

/// Tasks that were woken, the newest first. Zero when there is none, so that a queue is all zeros.
#[derive(Debug)]
pub(super) struct RunQueue(AtomicUsize);

/// Tasks that were taken from a queue, the oldest first.
#[derive(Debug)]
pub(super) struct Batch(usize);

impl RunQueue {
    /// A queue without tasks.
    pub(super) const fn new() -> Self {
        RunQueue(AtomicUsize::new(0))
    }

    /// Whether nobody is in the queue.
    pub(super) fn is_empty(&self) -> bool {
        self.0.load(Relaxed) == 0
    }

    /// Adds `task`. True: the queue was empty.
    ///
    /// # Safety
    ///
    /// * `take` or `wake` has told the caller to append this task, and it has not done so yet.
    pub(super) unsafe fn push(&self, task: Task) -> bool {
        let mut newest = self.0.load(Relaxed);
        loop {
            task.header().link.append(if newest == 0 { LAST } else { newest });
            // ORDERING: pairs with `take`: the links of the whole list are seen.
            match self.0.compare_exchange_weak(newest, task.address(), Release, Relaxed) {
                Ok(_) => return newest == 0,
                Err(found) => newest = found,
            }
        }
    }

    /// Takes all tasks.
    pub(super) fn take(&self) -> Batch {
        // ORDERING: pairs with `push`.
        let mut newest = self.0.swap(0, Acquire);
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
