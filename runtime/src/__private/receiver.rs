//! What a call does to its receiver, as rustc knows it.

use core::marker::PhantomData;
use core::mem::needs_drop;

/// The type of a closure that makes a call, and captures its receiver as the call uses it.
#[derive(Debug)]
pub struct ReceiverOf<C>(PhantomData<fn() -> C>);

impl<C> Clone for ReceiverOf<C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C> Copy for ReceiverOf<C> {}

impl<C> ReceiverOf<C> {
    /// Of a closure that is still to come.
    #[inline(always)]
    pub const fn unknown() -> Self {
        ReceiverOf(PhantomData)
    }

    /// This is the closure. Its receiver is all that it may capture by value.
    pub fn is(self, _: &C) {}

    /// Whether the call takes its receiver by value, and that needs a drop.
    #[inline(always)]
    pub const fn is_taken(self) -> bool {
        const { needs_drop::<C>() }
    }
}

/// The type of the result of a call.
#[derive(Debug)]
pub struct ResultOf<T>(PhantomData<fn(T) -> T>);

impl<T> Clone for ResultOf<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for ResultOf<T> {}

impl<T> ResultOf<T> {
    /// Of a call that is still to come.
    #[inline(always)]
    pub const fn unknown() -> Self {
        ResultOf(PhantomData)
    }

    /// The result is behind this pointer.
    pub fn is(self, _: *const T) {}
}

/// The types of the arguments of a call.
#[derive(Debug)]
pub struct ArgumentsOf<A>(PhantomData<fn(A) -> A>);

impl<A> Clone for ArgumentsOf<A> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<A> Copy for ArgumentsOf<A> {}

impl<A> ArgumentsOf<A> {
    /// Of a call that is still to come.
    #[inline(always)]
    pub const fn unknown() -> Self {
        ArgumentsOf(PhantomData)
    }
}

/// Something that needs a drop: a closure that captures it by value needs one as well.
#[derive(Debug)]
pub struct NeedsDrop;

impl Drop for NeedsDrop {
    fn drop(&mut self) {}
}
