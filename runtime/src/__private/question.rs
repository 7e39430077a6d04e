//! What `?` does with its value, for the types of the standard library that it accepts.
//!
//! What it does not accept is a mistake that the witness has too. For the machine not to have it
//! once more, there is a method of a trait for every type behind the method of those it accepts.

use core::convert::Infallible;
use core::marker::PhantomData;
use core::ops::ControlFlow;
use core::task::Poll;

/// The value of a `?`.
#[derive(Debug)]
pub struct Split<V>(pub V);

impl<V: Try> Split<V> {
    /// Splits the value.
    #[inline(always)]
    pub fn split(self) -> ControlFlow<V::Residual, V::Output> {
        Try::split(self.0)
    }
}

/// Splits what `?` does not accept, into what is to be inferred: the witness has the mistake.
pub trait NotTry<R, T>: Sized {
    /// Never runs.
    fn split(self) -> ControlFlow<R, T> {
        unreachable!("`?` accepts no such value")
    }
}

impl<V, R, T> NotTry<R, T> for Split<V> {}

/// The types of the standard library that `?` accepts.
pub trait Try {
    /// What `?` evaluates to.
    type Output;
    /// What `?` returns from the function, as a value that `?` accepts again.
    type Residual;
    /// Splits the value.
    fn split(self) -> ControlFlow<Self::Residual, Self::Output>;
}

impl<T, E> Try for Result<T, E> {
    type Output = T;
    type Residual = Result<Infallible, E>;
    #[inline(always)]
    fn split(self) -> ControlFlow<Self::Residual, T> {
        match self {
            Ok(value) => ControlFlow::Continue(value),
            Err(error) => ControlFlow::Break(Err(error)),
        }
    }
}

impl<T> Try for Option<T> {
    type Output = T;
    type Residual = Option<Infallible>;
    #[inline(always)]
    fn split(self) -> ControlFlow<Self::Residual, T> {
        match self {
            Some(value) => ControlFlow::Continue(value),
            None => ControlFlow::Break(None),
        }
    }
}

impl<B, C> Try for ControlFlow<B, C> {
    type Output = C;
    type Residual = ControlFlow<B, Infallible>;
    #[inline(always)]
    fn split(self) -> ControlFlow<Self::Residual, C> {
        match self {
            ControlFlow::Continue(value) => ControlFlow::Continue(value),
            ControlFlow::Break(value) => ControlFlow::Break(ControlFlow::Break(value)),
        }
    }
}

impl<T, E> Try for Poll<Result<T, E>> {
    type Output = Poll<T>;
    type Residual = Result<Infallible, E>;
    #[inline(always)]
    fn split(self) -> ControlFlow<Self::Residual, Poll<T>> {
        match self {
            Poll::Ready(Ok(value)) => ControlFlow::Continue(Poll::Ready(value)),
            Poll::Ready(Err(error)) => ControlFlow::Break(Err(error)),
            Poll::Pending => ControlFlow::Continue(Poll::Pending),
        }
    }
}

impl<T, E> Try for Poll<Option<Result<T, E>>> {
    type Output = Poll<Option<T>>;
    type Residual = Result<Infallible, E>;
    #[inline(always)]
    fn split(self) -> ControlFlow<Self::Residual, Poll<Option<T>>> {
        match self {
            Poll::Ready(Some(Ok(value))) => ControlFlow::Continue(Poll::Ready(Some(value))),
            Poll::Ready(Some(Err(error))) => ControlFlow::Break(Err(error)),
            Poll::Ready(None) => ControlFlow::Continue(Poll::Ready(None)),
            Poll::Pending => ControlFlow::Continue(Poll::Pending),
        }
    }
}

/// What `?` returns from a function, which returns `O`.
#[derive(Debug)]
pub struct Residual<R, O>(R, PhantomData<fn() -> O>);

impl<R, O> Residual<R, O> {
    /// A value to return.
    #[inline(always)]
    pub const fn new(residual: R) -> Self {
        Residual(residual, PhantomData)
    }
}

impl<R, O: FromResidual<R>> Residual<R, O> {
    /// What the function returns.
    #[inline(always)]
    pub fn returned(self) -> O {
        O::from_residual(self.0)
    }
}

/// Returns what the function cannot: the witness has the mistake.
pub trait NotResidual<O>: Sized {
    /// Never runs.
    fn returned(self) -> O {
        unreachable!("the function returns no such value")
    }
}

impl<R, O> NotResidual<O> for Residual<R, O> {}

/// What a function returns in which `?` is used on values with a residual.
pub trait FromResidual<R> {
    /// The value to return.
    fn from_residual(residual: R) -> Self;
}

impl<T, E, F: From<E>> FromResidual<Result<Infallible, E>> for Result<T, F> {
    #[inline(always)]
    fn from_residual(Err(error): Result<Infallible, E>) -> Self {
        Err(error.into())
    }
}

impl<T> FromResidual<Option<Infallible>> for Option<T> {
    #[inline(always)]
    fn from_residual(_: Option<Infallible>) -> Self {
        None
    }
}

impl<B, C> FromResidual<ControlFlow<B, Infallible>> for ControlFlow<B, C> {
    #[inline(always)]
    fn from_residual(residual: ControlFlow<B, Infallible>) -> Self {
        let ControlFlow::Break(value) = residual;
        ControlFlow::Break(value)
    }
}

impl<T, E, F: From<E>> FromResidual<Result<Infallible, E>> for Poll<Result<T, F>> {
    #[inline(always)]
    fn from_residual(Err(error): Result<Infallible, E>) -> Self {
        Poll::Ready(Err(error.into()))
    }
}

impl<T, E, F: From<E>> FromResidual<Result<Infallible, E>> for Poll<Option<Result<T, F>>> {
    #[inline(always)]
    fn from_residual(Err(error): Result<Infallible, E>) -> Self {
        Poll::Ready(Some(Err(error.into())))
    }
}
