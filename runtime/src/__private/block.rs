//! What generated code needs for a coroutine in an expression.

use core::future::Future;
use core::marker::PhantomData;
use core::mem::needs_drop;
use core::task::{Context, Poll};

use super::{FrameType, Residual};
use crate::coroutine::{AsyncMachine, MayHaveEnded};

/// The type of the result of a block, which is inferred.
#[derive(Debug)]
pub struct Outcome<T>(PhantomData<fn() -> T>);

impl<T> Clone for Outcome<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Outcome<T> {}

impl<T> Outcome<T> {
    /// A type that is still to be inferred.
    #[inline(always)]
    #[allow(clippy::new_without_default, reason = "generated code is its only user")]
    pub const fn new() -> Self {
        Outcome(PhantomData)
    }

    /// It is what the block of rustc gives. Never runs.
    #[inline(always)]
    pub fn future(self, _block: impl Future<Output = T>) {}

    /// It is what the witness gives. Never runs.
    #[inline(always)]
    pub fn of(self, _witness: impl FnOnce() -> T) {}

    /// A value of the type. Never runs.
    #[inline(always)]
    pub fn never(self) -> T {
        unreachable!("it only tells a type")
    }

    /// A value of the type.
    #[inline(always)]
    pub fn is(self, value: T) -> T {
        value
    }

    /// What `?` returns, in place of a value of the type.
    #[inline(always)]
    pub fn residual<R>(self, residual: R) -> Residual<R, T> {
        Residual::new(residual)
    }
}

/// Refuses to compile if it can be told that only parts of a variable are captured: if the rest of
/// it would be dropped elsewhere.
#[inline(always)]
pub const fn check_parts<T>(_captured: &T) {
    const {
        assert!(
            !needs_drop::<T>(),
            "a coroutine block uses only parts of a variable: give the parts names with `let` \
             before the block, or capture all of the variable, as in \
             `coroutine_block!([name] async move {{ .. }})`",
        );
    }
}

/// As [`async_machine`](super::async_machine), for a block. What the code of the machine captures
/// itself is copied or borrowed, so that nothing is dropped or moved with it.
#[inline(always)]
pub fn block_machine<F, R, C, T>(
    _witness: FrameType<F>,
    _outcome: Outcome<T>,
    frame: F,
    resume: R,
    _callees: impl FnOnce() -> C,
) -> AsyncMachine<F, R, C>
where
    R: Fn(*mut F, &mut Context<'_>, MayHaveEnded) -> Poll<T>,
    R: Copy, // list what is only called: `coroutine_block!([name] async move { .. })`
{
    AsyncMachine::new(frame, resume)
}
