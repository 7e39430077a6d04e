//! What stands for the machine in the witness, which never runs, and what the machine learns from it.

use core::fmt;
use core::future::IntoFuture;
use core::marker::PhantomData;

/// Makes the compiler infer that the slot holds values of the variable's type. Never runs.
#[inline(always)]
pub const fn same<T>(_slot: *const T, _variable: *const T) {}

/// A type to infer, which has a beginning and an end in the user's program.
pub type Same<T> = T;

/// Stands for `.await` in the witness. Never runs.
#[inline(always)]
pub fn awaited<F: IntoFuture<Output = T>, T>(_future: F) -> T {
    unreachable!("the witness of a coroutine does not run")
}

/// Stands for `suspend!` in the witness. Never runs.
#[inline(always)]
pub fn suspended<Y, R>(_value: Y) -> R {
    unreachable!("the witness of a coroutine does not run")
}

/// Moves the receiver of a method, in the witness. Never runs.
#[inline(always)]
pub fn moved<T>(value: T) -> T {
    value
}

/// The type of the frame, as the witness finds it: of no size, so the machine may keep it.
pub struct FrameType<F>(PhantomData<fn(F) -> F>);

impl<F> FrameType<F> {
    /// A type to infer.
    #[inline(always)]
    #[allow(clippy::new_without_default, reason = "generated code is its only user")]
    pub const fn new() -> Self {
        FrameType(PhantomData)
    }
}

impl<F> Clone for FrameType<F> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<F> Copy for FrameType<F> {}

impl<F> fmt::Debug for FrameType<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FrameType").finish_non_exhaustive()
    }
}

/// A pointer to a frame of the type. Never runs.
#[inline(always)]
pub fn frame_of<F>(_type: FrameType<F>) -> *mut F {
    unreachable!("the witness of a coroutine does not run")
}

/// The same pointer. After a mistake of the user that left the type of a slot unknown, its type is
/// unknown too, and what is done with the slot is no further mistake.
#[inline(always)]
pub const fn of_type<F>(_type: FrameType<F>, frame: *mut F) -> *mut F {
    frame
}
