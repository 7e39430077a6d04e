//! A queue of slots, linked through their headers.

use core::cell::Cell;

use super::Slot;

/// Slots in the order in which they were pushed.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    head: Cell<Option<Slot>>,
    /// The last slot. It says nothing if there is no first one.
    tail: Cell<Option<Slot>>,
}

// SAFETY: the links of queued slots are only touched through the queue: `OneQueue`.
unsafe impl Send for Queue {}

impl Queue {
    /// A queue without slots.
    pub(crate) const fn new() -> Self {
        Queue { head: Cell::new(None), tail: Cell::new(None) }
    }

    /// Whether no slot is in the queue.
    #[inline]
    pub(crate) const fn is_empty(&self) -> bool {
        self.head.get().is_none()
    }

    /// Puts `slot` at the end.
    ///
    /// # Safety
    ///
    /// * The caller set `QUEUED` in the slot's state and has not put it into a queue yet.
    #[inline]
    pub(crate) unsafe fn push(&self, slot: Slot) {
        // SAFETY: a queued slot is occupied and valid: `SlotHeld`.
        unsafe { slot.as_ref() }.next.set(None);
        self.append_run(slot, slot);
    }

    /// Puts slots that are linked with each other at the end.
    #[inline]
    fn append_run(&self, first: Slot, last: Slot) {
        let tail = self.tail.replace(Some(last));
        match tail {
            Some(tail) if !self.is_empty() => {
                // SAFETY: a queued slot is occupied and valid: `SlotHeld`.
                unsafe { tail.as_ref() }.next.set(Some(first));
            }
            _ => self.head.set(Some(first)),
        }
    }

    /// Wakes the task in `slot`, which goes to the end unless it is in a queue already.
    ///
    /// # Safety
    ///
    /// * The memory of the slot is valid, and this is a queue of its runtime.
    #[inline]
    pub(crate) unsafe fn wake(&self, slot: Slot) {
        // SAFETY: by this function's contract.
        if unsafe { slot.as_ref() }.state.wake() {
            // SAFETY: `State::wake` told this caller to queue the slot.
            unsafe { self.push(slot) };
        }
    }

    /// Takes the first slot. The caller must begin its task.
    #[inline]
    pub(crate) fn pop(&self) -> Option<Slot> {
        let slot = self.head.get()?;
        // SAFETY: a queued slot is occupied and valid: `SlotHeld`.
        let next = unsafe { slot.as_ref() }.next.get();
        self.head.set(next);
        Some(slot)
    }

    /// Moves all slots of `other` to the end.
    pub(crate) fn append(&self, other: &Queue) {
        let Some(first) = other.head.take() else { return };
        let Some(last) = other.tail.get() else { return };
        self.append_run(first, last);
    }
}
