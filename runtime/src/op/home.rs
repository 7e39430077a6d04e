//! The memory of the task that is being resumed.

use core::ops::Range;
use core::ptr;
use core::task::Context;

use super::Ticket;
use crate::task::{self, PAYLOAD_OFFSET, Slot};

/// The slot of the task that is being resumed, and how many bytes after its start the payload ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Home {
    slot: Slot,
    end: u32,
}

impl Home {
    /// The memory of `slot`.
    ///
    /// # Safety
    ///
    /// * The slot is occupied, or has no payload.
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

    /// Whether these addresses are all in the payload, and operations there have keys; no addresses
    /// are.
    #[inline]
    pub(crate) fn has(self, addresses: Range<usize>) -> bool {
        self.begins(addresses.start, addresses.len()) || addresses.is_empty()
    }

    /// As [`has`](Self::has), for addresses of which there are some. Without a case for none it takes a
    /// branch and no values.
    #[inline]
    pub(crate) fn has_some(self, addresses: Range<usize>) -> bool {
        self.begins(addresses.start, addresses.len())
    }

    /// Whether `value` lies in the payload, and operations there have keys.
    #[inline]
    pub(crate) fn holds<T>(self, value: &T) -> bool {
        const { assert!(size_of::<T>() > 0) };
        self.begins(ptr::from_ref(value).addr(), size_of::<T>())
    }

    /// Whether so many bytes that somebody has a reference to begin in the payload.
    ///
    /// Then they also end there. The payload belongs to the future in it, and what follows to the pool:
    /// no reference reaches from the one into the other. Nor has anybody one to the header, so an
    /// address that is not before it is in the payload, or behind.
    #[inline]
    fn begins(self, address: usize, len: usize) -> bool {
        let distance = address.wrapping_sub(self.slot.as_ptr().addr());
        let is_there = distance < self.end as usize;
        debug_assert!(
            !is_there || len == 0 || distance >= PAYLOAD_OFFSET,
            "a reference to a header"
        );
        debug_assert!(!is_there || len <= self.end as usize - distance, "it ends somewhere else");
        is_there
    }

    /// How many bytes the ticket of an operation that lies in the payload is away from the slot.
    #[inline]
    pub(crate) fn distance_in<T>(self, operation: &T, ticket: &Ticket) -> u32 {
        debug_assert!(self.holds(operation) && self.holds(ticket));
        // Two steps, the first of which was made to see whether it lies there.
        let operation = ptr::from_ref(operation).addr();
        let start = operation.wrapping_sub(self.slot.as_ptr().addr());
        start.wrapping_add(ptr::from_ref(ticket).addr().wrapping_sub(operation)) as u32
    }

    /// Whether what is woken with `context` is the task in the slot.
    #[inline]
    pub(crate) fn is_woken_by(self, context: &Context<'_>) -> bool {
        task::slot_of(context.waker()) == Some(self.slot)
    }
}
