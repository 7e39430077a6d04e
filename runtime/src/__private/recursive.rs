//! What a coroutine keeps of itself in a box.

use core::future::Future;
use core::marker::PhantomData;
use core::mem::{ManuallyDrop, transmute_copy};
use core::pin::Pin;
use core::task::{Context, Poll};

/// A box with a coroutine in it, whose type is not told: it is that of the frame that the box is in.
///
/// # Invariants
///
/// `future` holds a pointer of the type that `run` is made for, until it is dropped.
#[derive(Debug)]
pub struct Recursive<T> {
    future: *mut (),
    /// Polls what is in the pointer, or drops the pointer if there is no context.
    run: unsafe fn(*mut *mut (), Option<&mut Context<'_>>) -> Poll<T>,
}

// SAFETY:
// - it is a field of the frame whose type is in the box: the frame is sent if the other fields can
//   be, and then so can those in the box: `recursive`'s contract.
unsafe impl<T> Send for Recursive<T> {}
// SAFETY: as for `Send`.
unsafe impl<T> Sync for Recursive<T> {}

/// Takes the type away from a box.
///
/// # Safety
///
/// * The box holds a coroutine of the type, but for lifetimes, of the one in whose frame the result
///   is kept, and nowhere else.
/// * The result is dropped before the lifetimes in the coroutine's type end.
#[inline(always)]
pub unsafe fn recursive<P: Future + Unpin>(pointer: P) -> Recursive<P::Output> {
    const {
        assert!(size_of::<P>() == size_of::<*mut ()>());
        assert!(align_of::<P>() <= align_of::<*mut ()>());
    }
    let pointer = ManuallyDrop::new(pointer);
    // SAFETY:
    // - the sizes are the same, and nobody uses or drops the original: checked and done above.
    let future = unsafe { transmute_copy::<ManuallyDrop<P>, *mut ()>(&pointer) };
    Recursive { future, run: run::<P> }
}

/// # Safety
///
/// * `pointer` points at a `P`, which is not used after a call without a context.
unsafe fn run<P: Future + Unpin>(
    pointer: *mut *mut (),
    context: Option<&mut Context<'_>>,
) -> Poll<P::Output> {
    let pointer = pointer.cast::<P>();
    let Some(context) = context else {
        // SAFETY:
        // - it is a `P` that nobody uses afterwards: by this function's contract.
        unsafe { pointer.drop_in_place() };
        return Poll::Pending;
    };
    // SAFETY:
    // - it is a `P`, and nobody else uses it: by this function's contract.
    let pointer = unsafe { &mut *pointer };
    Pin::new(pointer).poll(context)
}

impl<T> Future for Recursive<T> {
    type Output = T;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let run = self.run;
        // SAFETY:
        // - `run` is made for what is in `future`: by the type's invariant.
        unsafe { run(&raw mut self.future, Some(context)) }
    }
}

impl<T> Drop for Recursive<T> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY:
        // - `run` is made for what is in `future`, which is not used afterwards: by the type's
        //   invariant.
        let _ = unsafe { (self.run)(&raw mut self.future, None) };
    }
}

/// The type of the coroutine that a function makes, for the witness, where it calls itself.
#[derive(Debug)]
pub struct Own<T>(PhantomData<fn(T) -> T>);

impl<T> Clone for Own<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Own<T> {}

impl<T> Own<T> {
    /// A type that is not known yet.
    #[allow(clippy::new_without_default, reason = "generated code is its only user")]
    pub const fn new() -> Self {
        Own(PhantomData)
    }

    /// What is in the box has this type.
    pub fn calls(self, _future: &T) {}

    /// The coroutine itself has this type.
    pub fn is(self, _machine: &T) {}
}
