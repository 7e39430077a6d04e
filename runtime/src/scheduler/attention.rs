//! Whether a runtime sleeps, and whether other threads have queued something for it, in one word.
//!
//! ```text
//!              sleep                        call
//!   Awake ───────────────▶ Asleep ────────────────────▶ Called ◀──┐
//!    ▲  ▲                    │   who calls signals        │       │ call
//!    │  └── wake, awake ─────┘                            │   Awake, Called
//!    └───────────────────── answer ───────────────────────┘
//! ```
//!
//! A turn of the loop in which nobody has called looks at this word only, and takes no lock.

use core::sync::atomic::Ordering::*;

use crate::primitive::AtomicU32;

/// Something is queued, or was a moment ago.
const CALLED: u32 = 1;
/// The runtime sleeps or is about to: who calls must signal its event.
const ASLEEP: u32 = 1 << 1;

/// The word.
#[derive(Debug)]
pub(super) struct Attention(AtomicU32);

impl Attention {
    /// The runtime is awake, and nothing is queued.
    pub(super) fn new() -> Self {
        Attention(AtomicU32::new(0))
    }

    /// Something was queued. True: the caller must signal the event.
    pub(super) fn call(&self) -> bool {
        // ORDERING: pairs with `sleep`, see `wake`; what was queued is behind a lock.
        self.0.swap(CALLED, AcqRel) & ASLEEP != 0
    }

    /// The runtime must look at its timers again. True: the caller must signal the event.
    pub(super) fn wake(&self) -> bool {
        // ORDERING: pairs with `sleep`: a runtime that falls asleep after this sees the timers.
        self.0.fetch_and(!ASLEEP, AcqRel) & ASLEEP != 0
    }

    /// Whether something is queued, as far as is known here.
    #[inline]
    pub(super) fn is_called(&self) -> bool {
        self.0.load(Relaxed) & CALLED != 0
    }

    /// The runtime has taken what was queued. It holds the lock under which others queue and call.
    pub(super) fn answer(&self) {
        self.0.fetch_and(!CALLED, Relaxed);
    }

    /// The runtime is about to sleep. False: something is queued.
    #[inline]
    pub(super) fn sleep(&self) -> bool {
        // ORDERING: pairs with `call` and `wake`.
        self.0.compare_exchange(0, ASLEEP, AcqRel, Relaxed).is_ok()
    }

    /// The runtime is awake again, whoever has woken it.
    #[inline]
    pub(super) fn awake(&self) {
        // ORDERING: pairs with `wake`: the timers for which it was woken are seen.
        self.0.fetch_and(!ASLEEP, AcqRel);
    }

    /// As new, for the next runtime.
    pub(super) fn reset(&self) {
        self.0.store(0, Relaxed);
    }
}

#[cfg(all(test, loom))]
#[path = "tests/loom.rs"]
mod loom_tests;
