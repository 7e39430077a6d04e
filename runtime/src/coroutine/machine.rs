//! The two types a coroutine function can return: a frame and the closure that resumes it.

use core::fmt;
use core::future::Future;
use core::marker::PhantomPinned;
use core::pin::Pin;
use core::task::{Context, Poll};

use super::{Coroutine, CoroutineState};

/// A frame with the code that resumes it as a future. The closure captures nothing that has a
/// size: the value is exactly the frame.
pub struct AsyncMachine<F, R> {
    frame: F,
    resume: R,
    _pinned: PhantomPinned,
}

/// A frame with the code that resumes it by hand.
pub struct Machine<F, R> {
    frame: F,
    resume: R,
    _pinned: PhantomPinned,
}

impl<F, R> AsyncMachine<F, R> {
    /// Puts a frame and its code together.
    #[inline(always)]
    pub const fn new(frame: F, resume: R) -> Self {
        AsyncMachine { frame, resume, _pinned: PhantomPinned }
    }
}

impl<F, R> Machine<F, R> {
    /// Puts a frame and its code together.
    #[inline(always)]
    pub const fn new(frame: F, resume: R) -> Self {
        Machine { frame, resume, _pinned: PhantomPinned }
    }
}

impl<F, R, T> Future for AsyncMachine<F, R>
where
    R: Fn(*mut F, &mut Context<'_>) -> Poll<T>,
{
    type Output = T;

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        // SAFETY: nothing is moved out of the reference: `FramePinned`.
        let machine = unsafe { self.get_unchecked_mut() };
        (machine.resume)(&raw mut machine.frame, context)
    }
}

impl<F, R, A, Y, T> Coroutine<A> for Machine<F, R>
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

impl<F, R> fmt::Debug for AsyncMachine<F, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsyncMachine").finish_non_exhaustive()
    }
}

impl<F, R> fmt::Debug for Machine<F, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Machine").finish_non_exhaustive()
    }
}
