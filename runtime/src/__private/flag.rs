//! The flag of a local that may have to be dropped.

use core::cell::Cell;

/// Whether a local holds a value.
#[derive(Debug)]
pub struct Flag(Cell<bool>);

// SAFETY: the flags of a resume are touched by its code only, on one thread: `OneResumer`. A holder that
// waits has a reference to some, which it does not use any more.
unsafe impl Sync for Flag {}

impl Flag {
    /// A flag.
    #[inline(always)]
    pub const fn new(is_filled: bool) -> Self {
        Flag(Cell::new(is_filled))
    }

    /// Whether the local holds a value.
    #[inline(always)]
    pub const fn get(&self) -> bool {
        self.0.get()
    }

    /// Tells whether the local holds a value.
    #[inline(always)]
    pub fn set(&self, is_filled: bool) {
        self.0.set(is_filled);
    }

    /// Tells whether the local holds a value, and gives what was told before.
    #[inline(always)]
    pub const fn replace(&self, is_filled: bool) -> bool {
        self.0.replace(is_filled)
    }
}
