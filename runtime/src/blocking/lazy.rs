//! A closure that blocks, begun when it is awaited.

use core::fmt;
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use std::io;

use super::Blocking;
use crate::Io;

/// A call of the operating system on a thread where it may block. Made by the functions of
/// [`fs`](crate::fs) and [`net`](crate::net).
///
/// Dropping it before it is done is safe: a call that has begun goes on by itself.
#[must_use = "an operation does nothing unless it is awaited"]
pub struct Call<T> {
    io: Io,
    state: State<T>,
}

type Closure<T> = Box<dyn FnOnce() -> io::Result<T> + Send>;

enum State<T> {
    New(Option<Closure<T>>),
    Begun(Blocking<io::Result<T>>),
}

impl<T: Send + 'static> Call<T> {
    pub(crate) fn new(io: Io, call: impl FnOnce() -> io::Result<T> + Send + 'static) -> Self {
        Call { io, state: State::New(Some(Box::new(call))) }
    }
}

impl<T: Send + 'static> Future for Call<T> {
    type Output = io::Result<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        loop {
            match &mut self.state {
                State::New(closure) => {
                    let closure = closure.take().expect("polled after it gave an error");
                    let io = self.io;
                    self.state = State::Begun(io.try_blocking(closure)?);
                }
                State::Begun(blocking) => {
                    return Poll::Ready(ready!(Pin::new(blocking).poll(context))?);
                }
            }
        }
    }
}

impl<T> fmt::Debug for Call<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").finish_non_exhaustive()
    }
}
