//! Bytes from an interrupt to the rest of the program.

use core::cell::UnsafeCell;
use core::sync::atomic::{AtomicUsize, Ordering::*};

/// A ring with one writer and one reader.
pub(super) struct Ring<const SIZE: usize> {
    bytes: UnsafeCell<[u8; SIZE]>,
    /// How many were ever written. Changed by the writer only.
    written: AtomicUsize,
    /// How many were ever read. Changed by the reader only.
    read: AtomicUsize,
}

// SAFETY: the writer and the reader never touch the same byte: see `push` and `pop`.
unsafe impl<const SIZE: usize> Sync for Ring<SIZE> {}

impl<const SIZE: usize> Ring<SIZE> {
    pub(super) const fn new() -> Self {
        Ring {
            bytes: UnsafeCell::new([0; SIZE]),
            written: AtomicUsize::new(0),
            read: AtomicUsize::new(0),
        }
    }

    fn byte(&self, index: usize) -> *mut u8 {
        self.bytes.get().cast::<u8>().wrapping_add(index % SIZE)
    }

    /// Adds a byte. False: there is no room. For the interrupt only.
    pub(super) fn push(&self, byte: u8) -> bool {
        let written = self.written.load(Relaxed);
        // ORDERING: pairs with `pop`: the byte was read.
        if written.wrapping_sub(self.read.load(Acquire)) == SIZE {
            return false;
        }
        // SAFETY: the place is inside of the array, and not in use by the reader.
        unsafe { self.byte(written).write(byte) };
        // ORDERING: pairs with `pop`: the byte is there.
        self.written.store(written.wrapping_add(1), Release);
        true
    }

    /// Takes a byte. For one reader.
    pub(super) fn pop(&self) -> Option<u8> {
        let read = self.read.load(Relaxed);
        // ORDERING: pairs with `push`.
        if read == self.written.load(Acquire) {
            return None;
        }
        // SAFETY: the place is inside of the array, and was written.
        let byte = unsafe { self.byte(read).read() };
        // ORDERING: pairs with `push`.
        self.read.store(read.wrapping_add(1), Release);
        Some(byte)
    }
}
