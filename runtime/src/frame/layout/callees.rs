//! Which fields of a frame are frames of coroutines themselves.
//!
//! The generated code knows the type of what it awaits, but not whether that is a coroutine. It asks
//! by a method call, which finds the first of two traits, and the answer becomes a part of the
//! machine's type: a list of [`Known`] and [`Unknown`]. It does not repeat the types, which are in the
//! frame's: a type that contained them twice would double with each level of calls.

use core::future::Future;
use core::marker::PhantomData;
use core::pin::Pin;
use core::task::{Context, Poll};

use super::{Described, FrameLayout};

/// Asks whether a type that is awaited is a coroutine.
#[derive(Debug)]
pub struct Callee<T>(PhantomData<fn() -> T>);

impl<T> Callee<T> {
    /// Asks about the type of a slot.
    #[inline(always)]
    pub const fn of(_slot: *mut T) -> Self {
        Callee(PhantomData)
    }
}

/// It is.
#[derive(Debug)]
pub struct Known;

/// It is something else.
#[derive(Debug)]
pub struct Unknown;

/// Found first, for coroutines.
pub trait KnownCallee {
    /// The answer.
    #[inline(always)]
    fn callee(&self) -> Known {
        Known
    }
}

impl<T: Described> KnownCallee for Callee<T> {}

/// Found otherwise.
pub trait UnknownCallee {
    /// The answer.
    #[inline(always)]
    fn callee(&self) -> Unknown {
        Unknown
    }
}

impl<T> UnknownCallee for &Callee<T> {}

/// How a caller resumes what it awaits, by the answer.
pub trait Resumes<T> {
    /// Resumes it.
    ///
    /// # Safety
    ///
    /// * It has not ended.
    unsafe fn resume(callee: Pin<&mut T>, context: &mut Context<'_>) -> Poll<T::Output>
    where
        T: Future;
}

impl<T: Described> Resumes<T> for Known {
    #[inline(always)]
    unsafe fn resume(callee: Pin<&mut T>, context: &mut Context<'_>) -> Poll<T::Output>
    where
        T: Future,
    {
        // SAFETY: this function's contract.
        unsafe { callee.poll_callee(context) }
    }
}

impl<T> Resumes<T> for Unknown {
    #[inline(always)]
    unsafe fn resume(callee: Pin<&mut T>, context: &mut Context<'_>) -> Poll<T::Output>
    where
        T: Future,
    {
        callee.poll(context)
    }
}

/// The layout of a frame as a static.
struct Static<T>(PhantomData<T>);

impl<T: Described> Static<T> {
    const LAYOUT: &'static FrameLayout = &T::LAYOUT;
}

/// The answers for all that a coroutine awaits, in order: `(first, (second, ()))`.
#[derive(Clone, Copy, Debug)]
pub struct Callees {
    first: Option<&'static FrameLayout>,
    rest: Option<&'static Callees>,
}

impl Callees {
    /// No answers.
    pub(super) const NONE: Callees = Callees { first: None, rest: None };

    /// An answer before others.
    #[cfg(feature = "std")]
    pub(super) const fn with(first: &'static FrameLayout, rest: &'static Callees) -> Self {
        Callees { first: Some(first), rest: Some(rest) }
    }

    /// The answer with this number.
    pub(super) const fn get(&'static self, index: usize) -> Option<&'static FrameLayout> {
        let (mut callees, mut left) = (self, index);
        while left > 0 {
            callees = match callees.rest {
                Some(rest) => rest,
                None => return None,
            };
            left -= 1;
        }
        callees.first
    }
}

/// A list of answers about a list of types.
pub trait List<Types> {
    /// The layouts.
    const CALLEES: &'static Callees;
}

impl List<()> for () {
    const CALLEES: &'static Callees = &Callees::NONE;
}

impl<T: Described, Types, L: List<Types>> List<(T, Types)> for (Known, L) {
    const CALLEES: &'static Callees =
        &Callees { first: Some(Static::<T>::LAYOUT), rest: Some(L::CALLEES) };
}

impl<T, Types, L: List<Types>> List<(T, Types)> for (Unknown, L) {
    const CALLEES: &'static Callees = &Callees { first: None, rest: Some(L::CALLEES) };
}
