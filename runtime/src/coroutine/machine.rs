//! The two types a coroutine function can return: a frame and the closure that resumes it.

use core::fmt;
use core::future::Future;
use core::marker::{PhantomData, PhantomPinned};
use core::mem::{ManuallyDrop, offset_of, transmute_copy};
use core::pin::Pin;
use core::task::{Context, Poll};

use super::{Coroutine, CoroutineState};
use crate::frame::layout::{self, List, Table};
use crate::frame::{Described, FrameLayout};

/// A frame with the code that resumes it as a future. The closure captures nothing that has a
/// size: the value is exactly the frame. `C` tells which of what is awaited are coroutines.
pub struct AsyncMachine<F, R, C = ()> {
    frame: F,
    resume: R,
    _pinned: PhantomPinned,
    _callees: PhantomData<fn() -> C>,
}

/// A frame with the code that resumes it by hand.
pub struct Machine<F, R, C = ()> {
    frame: F,
    resume: R,
    _pinned: PhantomPinned,
    _callees: PhantomData<fn() -> C>,
}

/// Whether whoever resumes a coroutine may do so after its end. A caller that awaits one does not:
/// `CalleeNotEnded`.
#[derive(Clone, Copy, Debug)]
pub struct MayHaveEnded(bool);

impl MayHaveEnded {
    /// Panics, as the coroutine has ended.
    ///
    /// # Safety
    ///
    /// * The coroutine has ended.
    #[inline(always)]
    #[track_caller]
    pub unsafe fn panic(self, name: &str, is_poisoned: bool) -> ! {
        if !self.0 {
            // SAFETY: it has ended, and who resumes it knows that it has not: nobody comes here.
            unsafe { core::hint::unreachable_unchecked() }
        }
        resumed_after_end(name, is_poisoned)
    }
}

/// Reports that a coroutine was resumed which cannot be.
#[cold]
#[track_caller]
#[inline(never)]
pub fn resumed_after_end(name: &str, is_poisoned: bool) -> ! {
    if is_poisoned {
        panic!("coroutine `{name}` resumed after panicking")
    }
    panic!("coroutine `{name}` resumed after completion")
}

impl<F, R, C> AsyncMachine<F, R, C> {
    /// Puts a frame and its code together.
    #[inline(always)]
    pub const fn new(frame: F, resume: R) -> Self {
        AsyncMachine { frame, resume, _pinned: PhantomPinned, _callees: PhantomData }
    }
}

impl<F, R, C> Machine<F, R, C> {
    /// Puts a frame and its code together.
    #[inline(always)]
    pub const fn new(frame: F, resume: R) -> Self {
        Machine { frame, resume, _pinned: PhantomPinned, _callees: PhantomData }
    }
}

impl<F, R, C, T> Future for AsyncMachine<F, R, C>
where
    R: Fn(*mut F, &mut Context<'_>, MayHaveEnded) -> Poll<T>,
{
    type Output = T;

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        // SAFETY: nothing is moved out of the reference: `FramePinned`.
        let machine = unsafe { self.get_unchecked_mut() };
        (machine.resume)(&raw mut machine.frame, context, MayHaveEnded(true))
    }
}

impl<F, R, C, A, Y, T> Coroutine<A> for Machine<F, R, C>
where
    R: Fn(*mut F, A) -> CoroutineState<Y, T>,
{
    type Yield = Y;
    type Return = T;

    #[inline]
    fn resume(self: Pin<&mut Self>, value: A) -> CoroutineState<Y, T> {
        // SAFETY: nothing is moved out of the reference: `FramePinned`.
        let machine = unsafe { self.get_unchecked_mut() };
        (machine.resume)(&raw mut machine.frame, value)
    }
}

impl<F: Table, R, C: List<F::Awaited>, T> Described for AsyncMachine<F, R, C>
where
    R: Fn(*mut F, &mut Context<'_>, MayHaveEnded) -> Poll<T>,
{
    const LAYOUT: FrameLayout = layout::of_machine::<Self, F, C>(offset_of!(Self, frame));

    #[inline]
    unsafe fn poll_callee(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<<Self as Future>::Output>
    where
        Self: Future,
    {
        // SAFETY: nothing is moved out of the reference: `FramePinned`.
        let machine = unsafe { self.get_unchecked_mut() };
        let resumed = (machine.resume)(&raw mut machine.frame, context, MayHaveEnded(false));
        let resumed = ManuallyDrop::new(resumed);
        // SAFETY: `T` is `Self::Output`, by the only implementation of `Future` there is. The compiler
        // does not look at that here, as it has the bound above.
        unsafe { transmute_copy(&resumed) }
    }
}

impl<F: Table, R, C: List<F::Awaited>> Described for Machine<F, R, C> {
    const LAYOUT: FrameLayout = layout::of_machine::<Self, F, C>(offset_of!(Self, frame));
}

impl<F, R, C> fmt::Debug for AsyncMachine<F, R, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsyncMachine").finish_non_exhaustive()
    }
}

impl<F, R, C> fmt::Debug for Machine<F, R, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Machine").finish_non_exhaustive()
    }
}
