//! A lock for sections of a few instructions.
//!
//! Unlike the standard library's it knows nothing of poisoning, so that taking it and giving it back
//! are four instructions each: no section under it runs foreign code, so a panic cannot leave the
//! value half changed.
//!
//! # Invariants
//!
//! * `OneHolder`: while a guard exists nobody else has one. Established by `QuickLock::lock`, which
//!   gives a guard only to who changed `FREE`.

use core::cell::UnsafeCell;
use core::fmt;
use core::marker::PhantomData;
use core::ops::{Deref, DerefMut};
use core::panic::{RefUnwindSafe, UnwindSafe};
use core::sync::atomic::{AtomicU32, Ordering::*};

use rustix::thread::futex;

/// Nobody has the lock.
const FREE: u32 = 0;
/// Somebody has it, and nobody sleeps.
const HELD: u32 = 1;
/// Somebody has it, and others may sleep until it is free.
const AWAITED: u32 = 2;

/// How often the state is looked at before a thread sleeps.
const SPINS: usize = 100;

/// A value, and a lock around it.
#[derive(Default)]
pub(crate) struct QuickLock<T> {
    state: AtomicU32,
    /// Touched by who has the guard: `OneHolder`.
    value: UnsafeCell<T>,
}

// SAFETY: the value is reached through the guard of one thread at a time: `OneHolder`.
unsafe impl<T: Send> Sync for QuickLock<T> {}

// As those of the library's locks: a panic cannot leave the value half changed.
impl<T> UnwindSafe for QuickLock<T> {}
impl<T> RefUnwindSafe for QuickLock<T> {}

/// The right to use the value until it is dropped.
pub(crate) struct Guard<'a, T> {
    lock: &'a QuickLock<T>,
    /// It is dropped by the thread that got it.
    _local: PhantomData<*const ()>,
}

impl<T> QuickLock<T> {
    /// An open lock around `value`.
    pub(crate) const fn new(value: T) -> Self {
        QuickLock { state: AtomicU32::new(FREE), value: UnsafeCell::new(value) }
    }

    /// Waits for the lock and holds it until the guard is dropped.
    #[inline]
    pub(crate) fn lock(&self) -> Guard<'_, T> {
        // ORDERING: pairs with the drop of the guard before this one.
        if self.state.compare_exchange(FREE, HELD, Acquire, Relaxed).is_err() {
            self.wait();
        }
        Guard { lock: self, _local: PhantomData }
    }

    #[cold]
    fn wait(&self) {
        for _ in 0..SPINS {
            // ORDERING: as in `lock`.
            if self.state.load(Relaxed) == FREE
                && self.state.compare_exchange(FREE, HELD, Acquire, Relaxed).is_ok()
            {
                return;
            }
            core::hint::spin_loop();
        }
        // ORDERING: as in `lock`. Who sleeps once cannot know whether others do.
        while self.state.swap(AWAITED, Acquire) != FREE {
            // An error means that the state has changed, or that a signal came.
            let _ = futex::wait(&self.state, futex::Flags::PRIVATE, AWAITED, None);
        }
    }

    #[cold]
    fn wake_one(&self) {
        let woken = futex::wake(&self.state, futex::Flags::PRIVATE, 1);
        debug_assert!(woken.is_ok());
    }
}

impl<T> Deref for Guard<'_, T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        // SAFETY: nobody else has a guard: `OneHolder`.
        unsafe { &*self.lock.value.get() }
    }
}

impl<T> DerefMut for Guard<'_, T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: nobody else has a guard: `OneHolder`.
        unsafe { &mut *self.lock.value.get() }
    }
}

impl<T> Drop for Guard<'_, T> {
    #[inline]
    fn drop(&mut self) {
        // ORDERING: pairs with `lock`.
        if self.lock.state.swap(FREE, Release) == AWAITED {
            self.lock.wake_one();
        }
    }
}

impl<T> fmt::Debug for QuickLock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QuickLock").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::{FREE, QuickLock};
    use core::sync::atomic::Ordering::Relaxed;

    #[test]
    fn one_thread_at_a_time_has_the_value() {
        let lock = QuickLock::new((0_u64, 0_u64));
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for round in 0..20_000 {
                        let mut value = lock.lock();
                        value.0 += 1;
                        if round % 500 == 0 {
                            thread::yield_now(); // so that others have to sleep
                        }
                        value.1 += 1;
                        assert_eq!(value.0, value.1);
                    }
                });
            }
        });
        assert_eq!(*lock.lock(), (80_000, 80_000));
        assert_eq!(lock.state.load(Relaxed), FREE);
    }
}
