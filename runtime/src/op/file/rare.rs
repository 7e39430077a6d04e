//! What an operation rarely has.

use core::mem::ManuallyDrop;
use core::ops::{Deref, DerefMut};

/// A value in a box, or mostly none: then it is dropped without a call.
#[derive(Debug)]
pub(super) struct Rare<T>(ManuallyDrop<Option<Box<T>>>);

impl<T> Rare<T> {
    /// No value.
    #[inline]
    pub(super) const fn none() -> Self {
        Rare(ManuallyDrop::new(None))
    }

    #[cold]
    #[inline(never)]
    fn discard(&mut self) {
        drop(self.0.take());
    }
}

impl<T> Drop for Rare<T> {
    #[inline]
    fn drop(&mut self) {
        if self.0.is_some() {
            self.discard();
        }
    }
}

impl<T> Deref for Rare<T> {
    type Target = Option<Box<T>>;

    #[inline]
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<T> DerefMut for Rare<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}
