//! The memory of the task that is being resumed.

use core::ops::Range;
use core::task::Context;

use crate::task::{self, Slot};

/// The slot of the task that is being resumed, and the addresses of its payload.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Home {
    slot: Slot,
    size: usize,
}

impl Home {
    /// The memory of `slot`.
    ///
    /// # Safety
    ///
    /// * The slot is occupied.
    #[inline]
    pub(crate) unsafe fn of(slot: Slot) -> Self {
        // SAFETY: an occupied slot is valid: `SlotHeld`.
        Home { slot, size: unsafe { slot.as_ref() }.size }
    }

    /// The slot.
    #[inline]
    pub(crate) const fn slot(self) -> Slot {
        self.slot
    }

    /// Whether these addresses are all in the payload; no addresses are.
    #[inline]
    pub(crate) fn has(self, addresses: Range<usize>) -> bool {
        let start = task::payload::<u8>(self.slot).addr();
        let (offset, len) = (addresses.start.wrapping_sub(start), addresses.end - addresses.start);
        len == 0 || (offset <= self.size && len <= self.size - offset)
    }

    /// Whether `value` lies in the payload.
    #[inline]
    pub(crate) fn holds<T>(self, value: &T) -> bool {
        let address = core::ptr::from_ref(value).addr();
        self.has(address..address + size_of::<T>())
    }

    /// Whether what is woken with `context` is the task in the slot.
    #[inline]
    pub(crate) fn is_woken_by(self, context: &Context<'_>) -> bool {
        task::slot_of(context.waker()) == Some(self.slot)
    }
}
