//! The slot that was given back last, taken and given back without a lock.
//!
//! A task is often spawned soon after another one has ended. So one slot lies beside the free list of its
//! pool, where one exchange takes it and one puts it.
//!
//! ```text
//!            put                      bar
//!   Empty ────────▶ a slot    any ──────────▶ Barred
//!     ▲                │        ▲                │
//!     └──── take ──────┘        └─── unbar ──────┘
//! ```
//!
//! While somebody waits for a slot the place is barred, as slots are for those who wait then, and when the
//! pool has no owner any more. Barring it is done under the lock of the pool, and so is unbarring.

use core::ptr;
use core::sync::atomic::Ordering::*;

use crate::primitive::AtomicPtr;
use crate::task::{Header, Slot};

/// A place for one slot.
#[derive(Debug)]
pub(super) struct Spare(AtomicPtr<Header>);

/// Stands for a slot where none must be put. No header has this address.
const BARRED: *mut Header = ptr::without_provenance_mut(1);

/// The slot, if `place` is not empty and not barred.
#[inline]
fn slot_at(place: *mut Header) -> Option<Slot> {
    if place.addr() <= BARRED.addr() { None } else { Slot::new(place) }
}

impl Spare {
    /// An empty place.
    pub(super) fn new() -> Self {
        Spare(AtomicPtr::new(ptr::null_mut()))
    }

    /// Takes the slot. It belongs to the caller then.
    #[inline]
    pub(super) fn take(&self) -> Option<Slot> {
        let place = self.0.load(Relaxed);
        let slot = slot_at(place)?;
        // It does not matter if it was taken meanwhile and put here again.
        // ORDERING: pairs with `put`: what the owner before has written is seen.
        self.0.compare_exchange(place, ptr::null_mut(), Acquire, Relaxed).ok()?;
        Some(slot)
    }

    /// Puts a slot, which belongs to the caller and is vacant, if there is none. False: it is still the
    /// caller's. True: neither the slot nor this may be touched by the caller any more.
    #[inline]
    pub(super) fn put(&self, slot: Slot) -> bool {
        // ORDERING: pairs with `take` and `bar`.
        self.0.compare_exchange(ptr::null_mut(), slot.as_ptr(), Release, Relaxed).is_ok()
    }

    /// Lets no slot in any more, and takes the one that is there. Called under the lock of the pool.
    pub(super) fn bar(&self) -> Option<Slot> {
        // ORDERING: pairs with `put`.
        slot_at(self.0.swap(BARRED, Acquire))
    }

    /// Lets slots in again. Called under the lock of the pool.
    pub(super) fn unbar(&self) {
        // Who holds the lock is alone in barring, and nobody else changes a place that is barred.
        let _ = self.0.compare_exchange(BARRED, ptr::null_mut(), Relaxed, Relaxed);
    }

    /// Whether a slot is here.
    pub(super) fn has_slot(&self) -> bool {
        slot_at(self.0.load(Relaxed)).is_some()
    }
}

#[cfg(all(test, loom))]
#[path = "tests/loom.rs"]
mod loom_tests;
