//! What a frame is made of, and its size as a constant.
//!
//! A frame is a struct that the macro declares for one function: a state and one [`Slot`] for each
//! value that is live across a suspension. Values that are never live together share bytes through
//! unions. The functions here are what `frame_size!`, `frame_align!` and `frame_layout!` expand to.
//!
//! # Invariants
//!
//! * `SlotInitByState`: which slots hold a value is a function of the state and, where control flow
//!   decides it at run time, of a flag beside it. Established by the machine before it suspends;
//!   broken only while the machine runs, when its activation record keeps the same knowledge.
//! * `FramePinned`: from the first resume to the drop, a frame does not move. Established by
//!   `Pin<&mut Self>` in `poll` and `resume`.
//! * `OneResumer`: a frame is resumed by at most one caller at a time, and by nobody while it is
//!   dropped. Established by the exclusive reference in `poll`, `resume` and `drop`.
//! * `WitnessChecked`: the witness, a copy of the user's body that never runs, was accepted by the
//!   compiler, so the moves and borrows that the machine repeats through pointers are valid.
//! * `CalleeNotEnded`: a coroutine that a caller awaits has neither returned nor panicked when it is
//!   resumed. Established by `FramePinned`: what moves into the slot was never resumed; and by the
//!   caller, which drops it when it returns, and is poisoned when it panics.

#[doc(hidden)]
pub mod drops;
mod full;
#[doc(hidden)]
pub mod layout;
mod message;
#[cfg(any(target_has_atomic = "ptr", feature = "portable-atomic"))]
mod pool;
pub(crate) mod seen;
#[doc(hidden)]
pub mod sharing;
mod size;
mod slot;

pub use full::PoolFull;
pub use layout::{
    ByteMap, Described, Field, FieldKind, FrameLayout, State, TypeName, frame_layout_of,
};
#[cfg(any(feature = "std", target_has_atomic = "ptr", feature = "portable-atomic"))]
pub(crate) use message::Message;
#[cfg(any(target_has_atomic = "ptr", feature = "portable-atomic"))]
#[doc(hidden)]
pub use pool::largest;
#[cfg(any(target_has_atomic = "ptr", feature = "portable-atomic"))]
pub use pool::{Align, Aligned, FramePool};
pub use size::{CoroutineFn, frame_align_of, frame_size_of};
pub use slot::Slot;

/// The size in bytes of the frame of a coroutine, as a constant.
///
/// Takes the path of a coroutine function, with turbofish arguments if it is generic. It works for
/// every function whose return type depends only on its argument types, so a plain `async fn` can
/// be measured beside its transformed copy.
///
/// ```
/// #[coframe::coroutine]
/// async fn nothing() {}
///
/// const SIZE: usize = coframe::frame_size!(nothing);
/// assert_eq!(SIZE, 1); // the state
/// ```
#[macro_export]
macro_rules! frame_size {
    ($($function:tt)+) => {
        const { $crate::frame::frame_size_of(&$($function)+) }
    };
}

/// The alignment in bytes of the frame of a coroutine, as a constant.
///
/// ```
/// #[coframe::coroutine]
/// async fn nothing() {}
///
/// assert_eq!(coframe::frame_align!(nothing), 1);
/// ```
#[macro_export]
macro_rules! frame_align {
    ($($function:tt)+) => {
        const { $crate::frame::frame_align_of(&$($function)+) }
    };
}
