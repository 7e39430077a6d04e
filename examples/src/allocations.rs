//! An allocator that counts what one thread allocates.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

thread_local! {
    static COUNT: Cell<Option<u64>> = const { Cell::new(None) };
}

/// The system's allocator, with a counter for threads that ask for it.
///
/// Install it with `#[global_allocator]`.
#[derive(Debug)]
pub struct Counting;

/// Counts the allocations of this thread from now on.
pub fn start() {
    COUNT.set(Some(0));
}

/// The number of allocations of this thread since [`start`].
pub fn count() -> u64 {
    COUNT.get().unwrap_or(0)
}

fn record() {
    // A thread that is ending has no counter any more.
    let _ = COUNT.try_with(|count| count.set(count.get().map(|count| count + 1)));
}

// SAFETY: everything is passed on to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        record();
        // SAFETY: by this function's contract.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        record();
        // SAFETY: by this function's contract.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        record();
        // SAFETY: by this function's contract.
        unsafe { System.realloc(memory, layout, size) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: by this function's contract.
        unsafe { System.dealloc(memory, layout) }
    }
}
