//! Pages of memory, which the system gives when they are used for the first time.

use core::mem::MaybeUninit;

/// No system has smaller ones.
pub(crate) const PAGE: usize = 4096;

/// Uses each page of memory in which there is nothing yet, so that the system has given them all.
pub(crate) fn claim<T>(memory: &mut [MaybeUninit<T>]) {
    let bytes = size_of_val(memory);
    let start = memory.as_mut_ptr().cast::<u8>();
    for offset in (0..bytes).step_by(PAGE).chain(bytes.checked_sub(1)) {
        // SAFETY: it is inside the memory.
        let place = unsafe { start.add(offset) };
        // SAFETY: it is borrowed exclusively, and no value is in it.
        unsafe { place.write_volatile(0) };
    }
}
