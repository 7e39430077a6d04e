//! Several borrowed buffers, as the kernel takes them.

use core::marker::PhantomData;
use core::ops::Range;
use std::io::{IoSlice, IoSliceMut};

use super::Home;

/// The most buffers that one call takes; more are left for the next one.
const VECTORS_MAX: usize = 1024;

/// Borrowed buffers in the form of the kernel, which `IoSlice` and `IoSliceMut` have.
#[derive(Debug)]
pub(super) struct Vectors<'a> {
    start: *mut libc::iovec,
    count: usize,
    _borrow: PhantomData<&'a mut [u8]>,
}

// SAFETY: it stands for `&mut [IoSliceMut]` or `&[IoSlice]`, which are `Send`.
unsafe impl Send for Vectors<'_> {}
// SAFETY: as above, and `Sync`.
unsafe impl Sync for Vectors<'_> {}

impl<'a> Vectors<'a> {
    /// Buffers that the kernel writes.
    pub(super) fn to_fill(buffers: &'a mut [IoSliceMut<'_>]) -> Self {
        let (start, count) = (buffers.as_mut_ptr().cast(), buffers.len().min(VECTORS_MAX));
        Vectors { start, count, _borrow: PhantomData }
    }

    /// Buffers that the kernel reads.
    pub(super) fn to_send(buffers: &'a [IoSlice<'_>]) -> Self {
        let start = buffers.as_ptr().cast_mut().cast();
        Vectors { start, count: buffers.len().min(VECTORS_MAX), _borrow: PhantomData }
    }

    /// The array that names the buffers.
    pub(super) const fn start(&self) -> *mut libc::iovec {
        self.start
    }

    /// The number of buffers.
    pub(super) const fn count(&self) -> usize {
        self.count
    }

    fn all(&self) -> &[libc::iovec] {
        // SAFETY: the array is borrowed for as long as this exists.
        unsafe { core::slice::from_raw_parts(self.start, self.count) }
    }

    /// Whether the buffers, and the array that names them, are all in the slot.
    pub(super) fn are_in(&self, home: Home) -> bool {
        let start = self.start.addr();
        let array = start..start + self.count * size_of::<libc::iovec>();
        home.has(array) && self.all().iter().all(|vector| home.has(addresses_of(vector)))
    }

    /// The number of bytes.
    pub(super) fn len(&self) -> usize {
        self.all().iter().fold(0, |sum, vector| sum.saturating_add(vector.iov_len))
    }

    /// Copies bytes into the buffers, one after the other, as far as there is room.
    ///
    /// # Safety
    ///
    /// * The buffers are those that were given to be filled, and the kernel does not have them.
    pub(super) unsafe fn fill(&mut self, mut bytes: &[u8]) {
        for vector in self.all() {
            let count = vector.iov_len.min(bytes.len());
            // SAFETY: the buffer is borrowed exclusively, and has room for so many bytes.
            unsafe { vector.iov_base.cast::<u8>().copy_from(bytes.as_ptr(), count) };
            bytes = &bytes[count..];
        }
    }

    /// Copies the first bytes of the buffers into `place`, which is not longer than all of them.
    pub(super) fn gather(&self, mut place: &mut [u8]) {
        for vector in self.all() {
            let count = vector.iov_len.min(place.len());
            let (here, rest) = place.split_at_mut(count);
            // An empty buffer may have no address.
            if count > 0 {
                let start = vector.iov_base.cast_const().cast::<u8>();
                // SAFETY: the buffer is borrowed, and has so many bytes.
                here.copy_from_slice(unsafe { core::slice::from_raw_parts(start, count) });
            }
            place = rest;
        }
    }
}

fn addresses_of(vector: &libc::iovec) -> Range<usize> {
    let start = vector.iov_base.addr();
    start..start + vector.iov_len
}
