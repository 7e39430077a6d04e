//! A borrowed buffer, as the kernel takes it.

use core::marker::PhantomData;
use core::ops::Range;
use core::ptr::NonNull;

/// An exclusive borrow of bytes that the kernel may write.
///
/// It is kept as a pointer, because the kernel writes while Rust code holds the operation. At most
/// `u32::MAX` bytes are used, which is all that one call takes. Packed, so that the frame of a task
/// that reads pays for nothing but address and length.
#[derive(Debug)]
#[repr(C, packed(4))]
pub(crate) struct Buffer<'a> {
    start: NonNull<u8>,
    len: u32,
    _borrow: PhantomData<&'a mut [u8]>,
}

// SAFETY: it stands for `&mut [u8]`, which is `Send`.
unsafe impl Send for Buffer<'_> {}
// SAFETY: it stands for `&mut [u8]`, which is `Sync`.
unsafe impl Sync for Buffer<'_> {}

impl<'a> Buffer<'a> {
    #[inline]
    pub(crate) fn new(bytes: &'a mut [u8]) -> Self {
        let len = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        Buffer { start: NonNull::from(bytes).cast(), len, _borrow: PhantomData }
    }

    /// Where the kernel writes.
    #[inline]
    pub(crate) const fn start(&self) -> *mut u8 {
        self.start.as_ptr()
    }

    /// How much the kernel may write.
    #[inline]
    pub(crate) const fn len(&self) -> u32 {
        self.len
    }

    /// The addresses of the bytes.
    #[inline]
    pub(crate) fn addresses(&self) -> Range<usize> {
        let start = self.start.addr().get();
        start..start + self.len as usize
    }

    /// The bytes.
    ///
    /// # Safety
    ///
    /// * The kernel does not have the buffer.
    #[inline]
    pub(crate) const unsafe fn bytes(&mut self) -> &mut [u8] {
        // SAFETY: the buffer is borrowed exclusively for as long as this exists, and the kernel
        // does not have it: by this function's contract.
        unsafe { core::slice::from_raw_parts_mut(self.start.as_ptr(), self.len as usize) }
    }
}

/// The addresses of `bytes`.
#[inline]
pub(crate) fn addresses_of(bytes: &[u8]) -> Range<usize> {
    let start = bytes.as_ptr().addr();
    start..start + bytes.len()
}
