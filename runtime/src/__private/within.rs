//! A local of the frame as a macro sees it that is not known.

use core::marker::PhantomData;
use core::ops::{Deref, DerefMut};

/// What a [`Within`] does not outlive: one resume.
#[derive(Debug)]
pub struct Resume;

/// A place in the frame that is used within one resume.
///
/// A macro may make a closure that captures the local by value. The machine cannot know, and would
/// give it a pointer to the slot; the lifetime makes it an error if that pointer might be kept.
#[derive(Debug)]
pub struct Within<'r, T>(*mut T, PhantomData<&'r mut T>);

impl<T> Clone for Within<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Within<'_, T> {}

// SAFETY: it stands for a `&mut T`, which the witness has in its place: `WitnessChecked`.
unsafe impl<T: Send> Send for Within<'_, T> {}
// SAFETY: it stands for a `&mut T`, which the witness has in its place: `WitnessChecked`.
unsafe impl<T: Sync> Sync for Within<'_, T> {}

impl<'r, T> Within<'r, T> {
    /// The place behind a pointer to a slot.
    ///
    /// # Safety
    ///
    /// It is used only where the user's code names the local.
    #[inline(always)]
    pub const unsafe fn new(_: &'r Resume, local: *mut T) -> Self {
        Within(local, PhantomData)
    }
}

impl<T> Deref for Within<'_, T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        // SAFETY:
        // - the slot holds a value where the user's code names the local: `WitnessChecked`.
        unsafe { &*self.0 }
    }
}

impl<T> DerefMut for Within<'_, T> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY:
        // - the slot holds a value where the user's code names the local, and that nobody else
        //   uses it was checked there: `WitnessChecked`.
        unsafe { &mut *self.0 }
    }
}
