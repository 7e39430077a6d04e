//! The interrupt signal, as a future.
//!
//! A handler writes to a pipe; one thread, started when the first future is polled, reads the pipe
//! and wakes all that wait. The handler stays installed: from then on the signal does not end the
//! process by itself.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};
use std::io;
use std::os::fd::OwnedFd;
use std::thread;

use crate::Io;
use crate::primitive::Lock;
use crate::sys::interrupt;

/// Waits for the next interrupt signal (Ctrl-C).
///
/// From the first poll on, the signal wakes those who wait instead of ending the process, for as
/// long as the process lives.
///
/// ```no_run
/// # async fn serve(io: coframe::Io) -> std::io::Result<()> {
/// coframe::signal::ctrl_c(io).await?;
/// println!("good bye");
/// # Ok(())
/// # }
/// ```
pub const fn ctrl_c(io: Io) -> CtrlC {
    CtrlC { io, wait: None }
}

/// Waits for the next interrupt signal. Made by [`ctrl_c`].
///
/// Gives an error if the handler cannot be installed, or if the runtime has ended. Dropping it
/// before it is done is safe.
#[derive(Debug)]
#[must_use = "waiting for a signal does nothing unless it is awaited"]
pub struct CtrlC {
    io: Io,
    wait: Option<Wait>,
}

/// A place among those who wait.
#[derive(Clone, Copy, Debug)]
struct Wait {
    number: u64,
    /// The number of signals before the wait.
    before: u64,
}

/// What the futures and the thread share.
struct Watch {
    is_installed: bool,
    signals: u64,
    next_number: u64,
    waiting: Vec<(u64, Waker)>,
}

static WATCH: Lock<Watch> =
    Lock::new(Watch { is_installed: false, signals: 0, next_number: 0, waiting: Vec::new() });

impl Watch {
    /// Installs the handler and starts the thread, once.
    fn install(&mut self) -> io::Result<()> {
        if !self.is_installed {
            let reader = interrupt::install()?;
            let thread = thread::Builder::new().name("coframe-signal".to_owned());
            thread.stack_size(STACK).spawn(move || watch(&reader))?;
            self.is_installed = true;
        }
        Ok(())
    }

    /// Sets whom the wait wakes, and gives the waker it had.
    fn register(&mut self, number: u64, waker: Waker) -> Option<Waker> {
        match self.waiting.iter_mut().find(|waiting| waiting.0 == number) {
            Some((_, registered)) => Some(core::mem::replace(registered, waker)),
            None => {
                self.waiting.push((number, waker));
                None
            }
        }
    }
}

/// The size of the thread's stack in bytes: it calls wakers and nothing else.
const STACK: usize = 64 << 10;

/// Reads signals for ever, and wakes those who wait.
fn watch(reader: &OwnedFd) {
    while interrupt::wait(reader).is_ok() {
        let mut watch = WATCH.lock();
        watch.signals += 1;
        let waiting = core::mem::take(&mut watch.waiting);
        drop(watch);
        waiting.into_iter().for_each(|(_, waker)| waker.wake());
    }
}

impl Future for CtrlC {
    type Output = io::Result<()>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.io.check()?;
        // Wakers are cloned and dropped outside the lock: that may be anybody's code.
        let waker = context.waker().clone();
        let mut watch = WATCH.lock();
        watch.install()?;
        let wait = match self.wait {
            Some(wait) => wait,
            None => {
                watch.next_number += 1;
                Wait { number: watch.next_number, before: watch.signals }
            }
        };
        self.wait = Some(wait);
        if watch.signals != wait.before {
            return Poll::Ready(Ok(()));
        }
        let before = watch.register(wait.number, waker);
        drop(watch);
        drop(before);
        Poll::Pending
    }
}

impl Drop for CtrlC {
    fn drop(&mut self) {
        let Some(wait) = self.wait else { return };
        let mut watch = WATCH.lock();
        let position = watch.waiting.iter().position(|waiting| waiting.0 == wait.number);
        let waker = position.map(|position| watch.waiting.swap_remove(position));
        // The destructor of a waker may be anybody's code.
        drop(watch);
        drop(waker);
    }
}
