//! A closure that blocks.

use core::fmt;
use core::future::Future;
use core::panic::AssertUnwindSafe;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::io;
use std::panic::catch_unwind;
use std::sync::Arc;

use super::{Threads, Unit, Work};
use crate::task::JoinError;

/// A closure on a thread where it may block. Made by [`Io::blocking`](crate::Io::blocking).
///
/// Gives what the closure returned, or an error if it panicked, or if it never began because the
/// runtime ended or no thread could be started. Dropping this lets the closure go on by itself; it can be awaited anywhere.
#[must_use = "the closure runs, but nobody waits for it"]
pub struct Blocking<T> {
    unit: Arc<dyn Outcome<T>>,
}

/// A closure and what it returned.
struct Closure<F, T> {
    closure: Option<F>,
    outcome: Option<Result<T, JoinError>>,
}

/// A unit of any closure with this result.
trait Outcome<T>: Send + Sync {
    fn poll_outcome(&self, context: &Context<'_>) -> Poll<Result<T, JoinError>>;

    fn is_done(&self) -> bool;
}

/// Gives `closure` to a thread.
pub(crate) fn start<F, T>(threads: &Arc<Threads>, closure: F) -> Blocking<T>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    let unit = Unit::new(Closure { closure: Some(closure), outcome: None });
    threads.push(Arc::clone(&unit) as _);
    Blocking { unit }
}

impl<F, T> Work for Closure<F, T>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    fn run(&mut self) -> io::Result<usize> {
        let closure = self.closure.take().expect("a closure is called once");
        self.outcome = Some(catch_unwind(AssertUnwindSafe(closure)).map_err(JoinError::panicked));
        Ok(0)
    }
}

impl<F, T> Outcome<T> for Unit<Closure<F, T>>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    fn poll_outcome(&self, context: &Context<'_>) -> Poll<Result<T, JoinError>> {
        // Only what was refused has no outcome.
        let canceled = || Err(JoinError::canceled());
        self.poll(context, |_, work| work.outcome.take().unwrap_or_else(canceled))
    }

    fn is_done(&self) -> bool {
        Unit::is_done(self)
    }
}

impl<T> Blocking<T> {
    /// Whether the closure has returned or panicked.
    pub fn is_finished(&self) -> bool {
        self.unit.is_done()
    }
}

impl<T> Future for Blocking<T> {
    type Output = Result<T, JoinError>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.unit.poll_outcome(context)
    }
}

impl<T> fmt::Debug for Blocking<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Blocking").field("is_finished", &self.is_finished()).finish()
    }
}
