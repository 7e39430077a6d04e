//! The signals of one kind, one after the other.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::io;

use super::watch;
use crate::Io;
use crate::sys::signal::SIGNALS;

/// The kind of a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Kind(i32);

impl Kind {
    /// Ctrl-C (`SIGINT`).
    pub const INTERRUPT: Kind = Kind(libc::SIGINT);
    /// The process shall end (`SIGTERM`).
    pub const TERMINATE: Kind = Kind(libc::SIGTERM);
    /// The terminal is gone; for a server, that it shall read its settings again (`SIGHUP`).
    pub const HANGUP: Kind = Kind(libc::SIGHUP);
    /// Ctrl-\ (`SIGQUIT`).
    pub const QUIT: Kind = Kind(libc::SIGQUIT);
    /// What the program makes of it (`SIGUSR1`).
    pub const USER1: Kind = Kind(libc::SIGUSR1);
    /// What the program makes of it (`SIGUSR2`).
    pub const USER2: Kind = Kind(libc::SIGUSR2);
    /// A child process has ended or stopped (`SIGCHLD`).
    pub const CHILD: Kind = Kind(libc::SIGCHLD);
    /// The terminal has another size (`SIGWINCH`).
    pub const WINDOW: Kind = Kind(libc::SIGWINCH);

    /// The kind with this number.
    pub const fn from_raw(number: i32) -> Self {
        Kind(number)
    }

    /// The number.
    pub const fn as_raw(self) -> i32 {
        self.0
    }
}

/// Counts signals of a kind from now on.
///
/// From then on the signal does not do by itself what it did to the process, for as long as the
/// process lives.
///
/// # Errors
///
/// If the runtime has ended, if there is no such signal or it cannot be caught (`InvalidInput`), and
/// if the process has no descriptor or thread left.
///
/// ```no_run
/// # async fn serve(io: coframe::Io) -> std::io::Result<()> {
/// use coframe::signal::{self, Kind};
///
/// let mut hangups = signal::listen(io, Kind::HANGUP)?;
/// loop {
///     hangups.recv().await?;
///     println!("reading the settings again");
/// }
/// # }
/// ```
pub fn listen(io: Io, kind: Kind) -> io::Result<Signals> {
    io.check()?;
    let invalid = || io::Error::new(io::ErrorKind::InvalidInput, "there is no such signal");
    let signal = usize::try_from(kind.0).ok().filter(|&signal| (1..SIGNALS).contains(&signal));
    // Those that the processor raises would be raised again without an end.
    let is_fault = matches!(kind.0, libc::SIGSEGV | libc::SIGBUS | libc::SIGFPE | libc::SIGILL);
    let signal = signal.filter(|_| !is_fault).ok_or_else(invalid)?;
    Ok(Signals { io, signal, seen: watch::begin(signal)? })
}

/// The signals of one kind. Made by [`listen`].
#[derive(Debug)]
pub struct Signals {
    io: Io,
    signal: usize,
    seen: u64,
}

impl Signals {
    /// Waits for a signal that has come since [`listen`], or since the last one that was received.
    /// Several that come at about the same time are one.
    ///
    /// Dropping the future loses no signal.
    ///
    /// # Errors
    ///
    /// If the runtime has ended.
    pub const fn recv(&mut self) -> Recv<'_> {
        Recv { signals: self, place: 0 }
    }
}

/// Waits for a signal. Made by [`Signals::recv`].
#[derive(Debug)]
#[must_use = "waiting for a signal does nothing unless it is awaited"]
pub struct Recv<'a> {
    signals: &'a mut Signals,
    /// The place among those who wait, or zero.
    place: u64,
}

impl Future for Recv<'_> {
    type Output = io::Result<()>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Recv { signals, place } = &mut *self;
        signals.io.check()?;
        // Wakers are cloned outside the lock: that may be anybody's code.
        match watch::next(signals.signal, signals.seen, place, context.waker().clone()) {
            Some(count) => {
                signals.seen = count;
                Poll::Ready(Ok(()))
            }
            None => Poll::Pending,
        }
    }
}

impl Drop for Recv<'_> {
    fn drop(&mut self) {
        if self.place != 0 {
            watch::leave(self.place);
        }
    }
}
