//! Futures that log, and suspend a number of times.

use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::task::{Context, Poll};

use super::log::{Event, Log, event};

/// A future that suspends some times and then has a value.
#[derive(Debug)]
pub struct Leaf<T> {
    name: &'static str,
    suspensions: u32,
    value: Option<T>,
    number: usize,
}

/// Suspends `suspensions` times, then gives `value`.
pub fn give<T>(name: &'static str, suspensions: u32, value: T) -> Leaf<T> {
    Leaf { name, suspensions, value: Some(value), number: Log::bear() }
}

/// Suspends some times.
pub fn leaf(name: &'static str, suspensions: u32) -> Leaf<()> {
    give(name, suspensions, ())
}

/// Suspends once.
pub fn pause() -> Leaf<()> {
    leaf("pause", 1)
}

/// Suspends once, then fails.
pub fn fail<T, E>(name: &'static str, error: E) -> Leaf<Result<T, E>> {
    give(name, 1, Err(error))
}

impl<T> Unpin for Leaf<T> {}

impl<T> Future for Leaf<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<T> {
        event(Event::Step, format_args!("poll {}", self.name));
        if self.suspensions > 0 {
            self.suspensions -= 1;
            return Poll::Pending;
        }
        Poll::Ready(self.value.take().expect("a leaf is polled to its end once"))
    }
}

impl<T> Drop for Leaf<T> {
    fn drop(&mut self) {
        Log::is_alive(self.number, true);
        event(Event::Drop, format_args!("drop future {}", self.name));
    }
}

/// Something that becomes a future when it is awaited.
#[derive(Debug)]
pub struct Later<T>(pub &'static str, pub T);

impl<T> IntoFuture for Later<T> {
    type Output = T;
    type IntoFuture = Leaf<T>;

    fn into_future(self) -> Leaf<T> {
        event(Event::Step, format_args!("into future {}", self.0));
        give(self.0, 1, self.1)
    }
}
