//! Which locals hold a value that may have to be dropped.

use core::cell::Cell;
use core::mem::transmute_copy;

/// A word of the flags of a resume, a bit for each local.
#[derive(Debug, Default)]
#[repr(transparent)]
pub struct Live(Cell<u32>);

// SAFETY: the flags of a resume are touched by its code only, on one thread: `OneResumer`. A holder that
// waits has a reference to them, which it does not use any more.
unsafe impl Sync for Live {}

impl Live {
    /// Flags of locals that hold nothing.
    #[inline(always)]
    pub const fn new() -> Self {
        Live(Cell::new(0))
    }

    /// Words of flags with these bits. There is no loop in it, as that would keep them in memory.
    #[inline(always)]
    pub const fn of<const WORDS: usize>(bits: [u32; WORDS]) -> [Self; WORDS] {
        // SAFETY: a word is what a `u32` is.
        unsafe { transmute_copy(&bits) }
    }

    /// The bits of words of flags.
    #[inline(always)]
    pub const fn bits<const WORDS: usize>(words: &[Self; WORDS]) -> [u32; WORDS] {
        // SAFETY: a word is what a `u32` is.
        unsafe { transmute_copy(words) }
    }

    /// Tells of all locals at once which hold a value.
    #[inline(always)]
    pub fn restore(&self, bits: u32) {
        self.0.set(bits);
    }

    /// Whether a local holds a value.
    #[inline(always)]
    pub const fn has(&self, bit: u32) -> bool {
        self.0.get() & bit != 0
    }

    /// A local holds a value.
    #[inline(always)]
    pub fn set(&self, bit: u32) {
        self.0.set(self.0.get() | bit);
    }

    /// A local holds none.
    #[inline(always)]
    pub fn clear(&self, bit: u32) {
        self.0.set(self.0.get() & !bit);
    }

    /// A local holds none, and did if the result is true.
    #[inline(always)]
    pub fn take(&self, bit: u32) -> bool {
        let had = self.has(bit);
        self.clear(bit);
        had
    }
}

/// Bits of a word if a flag of the frame is set.
#[inline(always)]
pub const fn bits_if(is_filled: bool, bits: u32) -> u32 {
    if is_filled { bits } else { 0 }
}
