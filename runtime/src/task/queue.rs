//! A queue of slots, linked through their headers.

use super::Slot;

/// Slots in the order in which they were pushed.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    head: Option<Slot>,
    tail: Option<Slot>,
}

// SAFETY: the links of queued slots are only touched through the queue: `OneQueue`.
unsafe impl Send for Queue {}

impl Queue {
    /// A queue without slots.
    pub(crate) const fn new() -> Self {
        Queue { head: None, tail: None }
    }

    /// Whether no slot is in the queue.
    pub(crate) const fn is_empty(&self) -> bool {
        self.head.is_none()
    }

    /// Puts `slot` at the end.
    ///
    /// # Safety
    ///
    /// * The caller set `QUEUED` in the slot's state and has not put it into a queue yet.
    pub(crate) unsafe fn push(&mut self, slot: Slot) {
        // SAFETY: a queued slot is occupied and valid: `SlotHeld`.
        unsafe { slot.as_ref() }.next.set(None);
        match self.tail {
            None => self.head = Some(slot),
            Some(tail) => {
                // SAFETY: a queued slot is occupied and valid: `SlotHeld`.
                unsafe { tail.as_ref() }.next.set(Some(slot));
            }
        }
        self.tail = Some(slot);
    }

    /// Wakes the task in `slot`, which goes to the end unless it is in a queue already.
    ///
    /// # Safety
    ///
    /// * The slot is occupied, and this is a queue of its runtime.
    #[inline]
    pub(crate) unsafe fn wake(&mut self, slot: Slot) {
        // SAFETY: an occupied slot is valid: `SlotHeld`.
        if unsafe { slot.as_ref() }.state.wake() {
            // SAFETY: `State::wake` told this caller to queue the slot.
            unsafe { self.push(slot) };
        }
    }

    /// Takes the first slot. The caller must begin its task.
    pub(crate) fn pop(&mut self) -> Option<Slot> {
        let slot = self.head?;
        // SAFETY: a queued slot is occupied and valid: `SlotHeld`.
        self.head = unsafe { slot.as_ref() }.next.take();
        if self.head.is_none() {
            self.tail = None;
        }
        Some(slot)
    }

    /// Moves all slots of `other` to the end.
    pub(crate) fn append(&mut self, other: &mut Queue) {
        let Some(first) = other.head.take() else { return };
        match self.tail {
            None => self.head = Some(first),
            Some(tail) => {
                // SAFETY: a queued slot is occupied and valid: `SlotHeld`.
                unsafe { tail.as_ref() }.next.set(Some(first));
            }
        }
        self.tail = other.tail.take();
    }
}
