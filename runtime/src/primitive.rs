//! What threads and interrupts share: the atomics of state words and, for records of the runtime, a
//! lock.
//!
//! Under `--cfg loom` the atomics are those of the model checker, with the feature
//! `portable-atomic` those of that crate.

#[cfg(all(not(loom), not(feature = "portable-atomic")))]
pub(crate) use core::sync::atomic::AtomicUsize;
#[cfg(all(not(loom), feature = "portable-atomic"))]
pub(crate) use portable_atomic::AtomicUsize;

#[cfg(all(not(loom), feature = "std"))]
pub(crate) use core::sync::atomic::{AtomicPtr, AtomicU32};
#[cfg(all(loom, feature = "std"))]
pub(crate) use loom::sync::atomic::{AtomicPtr, AtomicU32};
#[cfg(loom)]
pub(crate) use modelled::AtomicUsize;

#[cfg(feature = "std")]
pub(crate) use lock::Lock;
/// A lock for sections of a few instructions, which is the library's where there is no better one.
#[cfg(all(feature = "std", not(all(target_os = "linux", not(loom), not(miri)))))]
pub(crate) use lock::Lock as QuickLock;
/// The right to use what a `QuickLock` guards.
#[cfg(all(feature = "std", not(all(target_os = "linux", not(loom), not(miri)))))]
pub(crate) use std::sync::MutexGuard as Guard;

#[cfg(all(feature = "std", target_os = "linux", not(loom), not(miri)))]
pub(crate) use crate::sys::quick_lock::{Guard, QuickLock};

#[cfg(feature = "std")]
mod lock {
    use std::sync::{Mutex, MutexGuard, PoisonError};

    /// A mutex that ignores poisoning: no section under a lock runs foreign code, so a panic cannot
    /// leave the value half changed.
    #[derive(Debug, Default)]
    pub(crate) struct Lock<T>(Mutex<T>);

    impl<T> Lock<T> {
        /// An open lock around `value`.
        pub(crate) const fn new(value: T) -> Self {
            Lock(Mutex::new(value))
        }

        /// Waits for the lock and holds it until the guard is dropped.
        pub(crate) fn lock(&self) -> MutexGuard<'_, T> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner)
        }

        /// The value, without the lock around it.
        pub(crate) fn into_inner(self) -> T {
            self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
        }
    }
}

#[cfg(loom)]
mod modelled {
    use core::ops::Deref;
    use std::sync::OnceLock;

    use loom::sync::atomic::AtomicUsize as Modelled;

    /// An atomic of the model checker that, like those of `core`, can be made in a constant: it is
    /// registered when it is first used.
    #[derive(Debug)]
    pub(crate) struct AtomicUsize(OnceLock<Modelled>, usize);

    impl AtomicUsize {
        pub(crate) const fn new(value: usize) -> Self {
            AtomicUsize(OnceLock::new(), value)
        }
    }

    impl Deref for AtomicUsize {
        type Target = Modelled;

        fn deref(&self) -> &Modelled {
            self.0.get_or_init(|| Modelled::new(self.1))
        }
    }
}
