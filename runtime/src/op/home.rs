//! The memory of the task that is being resumed.

use core::ops::Range;
use core::task::Context;

use crate::task::{self, Slot};

/// The slot of the task that is being resumed, and where its payload ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Home {
    slot: Slot,
    end: usize,
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
        Home { slot, end: unsafe { slot.as_ref() }.end }
    }

    /// The slot.
    #[inline]
    pub(crate) const fn slot(self) -> Slot {
        self.slot
    }

    /// Whether these addresses are all in the payload, and can be reached by a key; no addresses
    /// are.
    #[inline]
    pub(crate) fn has(self, addresses: Range<usize>) -> bool {
        self.spans(&addresses) || addresses.is_empty()
    }

    /// Whether the payload has the first and the last address of a range.
    #[inline]
    fn spans(self, addresses: &Range<usize>) -> bool {
        let start = task::payload::<u8>(self.slot).addr();
        let (before, after) =
            (addresses.start.wrapping_sub(start), self.end.wrapping_sub(addresses.end));
        // Neither is negative. Addresses of user space are far from the sign bit.
        (before | after) as isize >= 0
    }

    /// Whether `value` lies in the payload.
    #[inline]
    pub(crate) fn holds<T>(self, value: &T) -> bool {
        let address = core::ptr::from_ref(value).addr();
        const { assert!(size_of::<T>() > 0) };
        self.spans(&(address..address.wrapping_add(size_of::<T>())))
    }

    /// Whether what is woken with `context` is the task in the slot.
    #[inline]
    pub(crate) fn is_woken_by(self, context: &Context<'_>) -> bool {
        task::slot_of(context.waker()) == Some(self.slot)
    }
}
