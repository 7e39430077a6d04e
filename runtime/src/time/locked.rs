//! The timers of a runtime, behind a lock.

use core::ops::{Deref, DerefMut};
use core::sync::atomic::{AtomicBool, Ordering::Relaxed};

use super::Timers;
use crate::primitive::{Guard, QuickLock};

/// Timers, a lock around them, and beside it whether any are set: who has none does not take the lock.
#[derive(Debug)]
pub(crate) struct LockedTimers {
    timers: QuickLock<Timers>,
    /// Written under the lock.
    are_set: AtomicBool,
}

/// The right to use the timers until it is dropped.
pub(crate) struct TimersGuard<'a> {
    timers: Guard<'a, Timers>,
    are_set: &'a AtomicBool,
}

impl LockedTimers {
    /// No timers.
    pub(crate) fn new() -> Self {
        LockedTimers { timers: QuickLock::new(Timers::new()), are_set: AtomicBool::new(false) }
    }

    /// Waits for the lock and holds it until the guard is dropped.
    pub(crate) fn lock(&self) -> TimersGuard<'_> {
        TimersGuard { timers: self.timers.lock(), are_set: &self.are_set }
    }

    /// Whether any are set, as far as this thread knows. What another thread sets it knows when that has
    /// called [`Shared::unpark`](crate::scheduler::Shared::unpark) and it has parked, or been woken.
    #[inline]
    pub(crate) fn are_set(&self) -> bool {
        self.are_set.load(Relaxed)
    }
}

impl Deref for TimersGuard<'_> {
    type Target = Timers;

    fn deref(&self) -> &Timers {
        &self.timers
    }
}

impl DerefMut for TimersGuard<'_> {
    fn deref_mut(&mut self) -> &mut Timers {
        &mut self.timers
    }
}

impl Drop for TimersGuard<'_> {
    fn drop(&mut self) {
        self.are_set.store(!self.timers.is_empty(), Relaxed);
    }
}
