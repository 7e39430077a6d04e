//! What a coroutine is: a frame that is resumed until it completes.
//!
//! `Coroutine` and `CoroutineState` mirror the unstable items of `core::ops`, on stable Rust.

mod machine;
pub(crate) mod order;

use core::pin::Pin;

#[doc(hidden)]
pub use machine::{AsyncMachine, Machine, MayHaveEnded, resumed_after_end};

/// What [`Coroutine::resume`] came back with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CoroutineState<Y, R> {
    /// The coroutine suspended at a `suspend!` and handed out this value.
    Yielded(Y),
    /// The coroutine ran to its end and returned this value.
    Complete(R),
}

/// A coroutine that is resumed by hand, without an executor, a heap or std.
///
/// A plain `fn` under `#[coframe::coroutine]` returns one. `R` is the type of the values that
/// `suspend!` evaluates to; the value of the first `resume` only starts the coroutine and is
/// dropped.
///
/// Dropping a suspended coroutine drops what its frame holds, as if the body had returned at the
/// suspension point.
///
/// ```
/// use coframe::{Coroutine, CoroutineState};
///
/// #[coframe::coroutine(yield = u32, resume = bool)]
/// fn countdown(from: u32) -> &'static str {
///     for i in (1..=from).rev() {
///         if suspend!(i) {
///             return "aborted";
///         }
///     }
///     "liftoff"
/// }
///
/// let mut frame = core::pin::pin!(countdown(2));
/// assert_eq!(frame.as_mut().resume(false), CoroutineState::Yielded(2));
/// assert_eq!(frame.as_mut().resume(false), CoroutineState::Yielded(1));
/// assert_eq!(frame.as_mut().resume(false), CoroutineState::Complete("liftoff"));
/// ```
pub trait Coroutine<R = ()> {
    /// The type of the values given to `suspend!`.
    type Yield;
    /// The type of the value the coroutine ends with.
    type Return;

    /// Runs the coroutine to its next suspension point, or to its end.
    ///
    /// # Panics
    ///
    /// When the coroutine has completed before, or has panicked before.
    fn resume(self: Pin<&mut Self>, value: R) -> CoroutineState<Self::Yield, Self::Return>;
}

impl<C, R> Coroutine<R> for Pin<&mut C>
where
    C: Coroutine<R> + ?Sized,
{
    type Yield = C::Yield;
    type Return = C::Return;

    fn resume(self: Pin<&mut Self>, value: R) -> CoroutineState<C::Yield, C::Return> {
        Pin::as_deref_mut(self).resume(value)
    }
}
