//! What a guard that suspends looks at.

use core::mem::MaybeUninit;

/// A binding of a pattern that a guard looks at: its address in the matched value, or a copy of it
/// if it is a reference, which lies in the guard's own memory.
#[derive(Debug)]
pub struct Seen<T> {
    place: *const T,
    copy: MaybeUninit<[usize; 2]>,
}

// SAFETY: it stands for a `&T`, which the witness has in its place: `WitnessChecked`.
unsafe impl<T: Sync> Send for Seen<T> {}
// SAFETY: it stands for a `&T`, which the witness has in its place: `WitnessChecked`.
unsafe impl<T: Sync> Sync for Seen<T> {}

impl<T> Seen<T> {
    /// Nothing has been seen.
    #[inline(always)]
    pub const fn nothing() -> Self {
        Seen { place: core::ptr::null(), copy: MaybeUninit::uninit() }
    }

    /// A binding of a pattern that `matched` is matched against.
    ///
    /// # Safety
    ///
    /// * `binding` holds a value, and `matched` is the valid place that was matched.
    /// * if it is not a reference, it stays where it is while the guard runs.
    #[inline]
    pub unsafe fn new<S: ?Sized>(binding: *const T, matched: *const S) -> Self {
        // SAFETY:
        // - it is matched, so it is there: by this function's contract.
        let size = size_of_val(unsafe { &*matched });
        let (start, inside) = (matched.cast::<u8>().addr(), binding.addr());
        let is_part = start <= inside && inside + size_of::<T>() <= start + size;
        let is_like_reference =
            size_of::<T>() <= size_of::<[usize; 2]>() && align_of::<T>() <= align_of::<usize>();
        let mut seen = Seen { place: binding, copy: MaybeUninit::uninit() };
        if !is_part && is_like_reference {
            // SAFETY:
            // - it holds a value, and the copy has room for it: by this function's contract, and
            //   just checked.
            unsafe { seen.copy.as_mut_ptr().cast::<T>().copy_from_nonoverlapping(binding, 1) };
            seen.place = core::ptr::null();
        }
        seen
    }
}

/// A reference to a binding that was seen.
///
/// # Safety
///
/// * `seen` points at a `Seen` that was made of a binding, and stays where it is.
/// * the guard that looks at the binding is running.
#[inline(always)]
pub unsafe fn seen<'a, T>(seen: *const Seen<T>) -> &'a T {
    // SAFETY:
    // - it points at a `Seen`: by this function's contract.
    let at = unsafe { &*seen };
    let value = if at.place.is_null() { at.copy.as_ptr().cast() } else { at.place };
    // SAFETY:
    // - the binding is where it was, or has been copied: by this function's contract.
    unsafe { &*value }
}
