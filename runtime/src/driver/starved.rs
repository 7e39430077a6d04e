//! Operations that wait until a descriptor is free.

use core::time::Duration;
use std::time::Instant;

use super::completion::{Completions, Index, NONE};

/// How long an operation waits if nothing of this runtime is closed meanwhile: descriptors are
/// also freed by other threads and by other processes.
const PAUSE: Duration = Duration::from_millis(50);

/// The operations, in the order in which they came, linked through their records.
#[derive(Debug)]
pub(crate) struct Starved {
    head: Index,
    tail: Index,
    deadline: Option<Instant>,
    is_over: bool,
}

impl Starved {
    /// Nobody waits.
    pub(crate) const fn new() -> Self {
        Starved { head: NONE, tail: NONE, deadline: None, is_over: false }
    }

    /// When the first of them tries again.
    pub(crate) const fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// Adds a record at the end.
    pub(crate) fn push(&mut self, completions: &mut Completions, index: Index) {
        completions.get(index).next = NONE;
        match self.tail {
            NONE => self.head = index,
            tail => completions.get(tail).next = index,
        }
        self.tail = index;
        if self.deadline.is_none() {
            self.deadline = Some(Instant::now() + PAUSE);
        }
    }

    /// Takes the first record.
    pub(crate) fn pop(&mut self, completions: &mut Completions) -> Option<Index> {
        let index = self.head;
        if index == NONE {
            return None;
        }
        self.remove(completions, index);
        Some(index)
    }

    /// Looks at the clock: whether the pause is over for those who wait now.
    pub(crate) fn check(&mut self) {
        self.is_over |= self.deadline.is_some_and(|deadline| deadline <= Instant::now());
    }

    /// Takes the first record if its pause is over.
    pub(crate) fn pop_over(&mut self, completions: &mut Completions) -> Option<Index> {
        if self.is_over { self.pop(completions) } else { None }
    }

    /// Removes a record.
    pub(crate) fn remove(&mut self, completions: &mut Completions, index: Index) {
        let next = completions.get(index).next;
        let mut previous = NONE;
        let mut position = self.head;
        while position != index {
            previous = position;
            position = completions.get(position).next;
        }
        match previous {
            NONE => self.head = next,
            previous => completions.get(previous).next = next,
        }
        if self.tail == index {
            self.tail = previous;
        }
        if self.head == NONE {
            self.deadline = None;
            self.is_over = false;
        }
    }
}
