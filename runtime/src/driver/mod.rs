//! The ways to the kernel, all presented as completions.
//!
//! An operation in flight is known by its key, if it lies in the slot of its task, or by a record in
//! the [`Ledger`]. The contract of every driver:
//!
//! * `watch` sees to it that the next change of a descriptor makes an event, on a driver that tells
//!   of changes. What it says is kept in [`Interests`], where operations park.
//! * `wait` takes the index of a record that waits for a descriptor. It arrives once the descriptor
//!   is ready, perhaps too early.
//! * `abandon` says that nobody waits for a record any more. It gives true if the record arrives
//!   nevertheless.
//! * `turn` enters the kernel at most once; `next` hands what has come to [`Arrivals`].
//! * Only the ring has `begin`, which gives the kernel memory of a slot under the rules in
//!   [`crate::op`], and `cancel`.

mod arrivals;
mod completion;
#[cfg(target_os = "linux")]
mod epoll;
mod interests;
mod kind;
mod ledger;
mod starved;
#[cfg(target_os = "linux")]
mod uring;

use core::task::Waker;
use core::time::Duration;
use std::io;
use std::os::fd::BorrowedFd;
use std::sync::Arc;

pub(crate) use completion::{Index, Stage};
pub(crate) use kind::Config;
pub use kind::{DriverKind, DriverReport, UnknownDriver};
pub(crate) use ledger::Ledger;
#[cfg(target_os = "linux")]
pub(crate) use uring::poll_entry;

use crate::sys::eventfd::EventFd;
use arrivals::Arrivals;
use interests::Interests;
pub(crate) use interests::Ready;

/// What an operation waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Interest {
    /// Bytes or a connection have arrived.
    Read,
    /// There is room for bytes, or a connection was made.
    Write,
}

/// One of the drivers.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "a runtime has one, and a box would be in the way")]
pub(crate) enum Driver {
    #[cfg(target_os = "linux")]
    IoUring(uring::Uring),
    #[cfg(target_os = "linux")]
    Epoll(epoll::Epoll),
}

impl Driver {
    /// The driver that `config` asks for, or the best that works here.
    pub(crate) fn new(config: &Config, event: Arc<EventFd>) -> io::Result<(Self, DriverReport)> {
        let requested = config.requested()?;
        let refusal = match requested {
            Some(DriverKind::Epoll) => "asked for".to_owned(),
            _ => match uring::Uring::new(config, Arc::clone(&event)) {
                Ok(ring) => {
                    let (kind, reason) = (DriverKind::IoUring, ring.mode().to_owned());
                    return Ok((Driver::IoUring(ring), DriverReport { kind, reason }));
                }
                Err(error) if requested.is_some() => return Err(unavailable(&error)),
                Err(error) => unavailable(&error).to_string(),
            },
        };
        let report = DriverReport { kind: DriverKind::Epoll, reason: refusal };
        Ok((Driver::Epoll(epoll::Epoll::new(event)?), report))
    }

    /// Whether the driver can give memory of a slot to the kernel.
    pub(crate) const fn is_completion(&self) -> bool {
        matches!(self, Driver::IoUring(_))
    }

    fn wait(&mut self, fd: BorrowedFd<'_>, interest: Interest, index: Index) -> io::Result<()> {
        match self {
            Driver::IoUring(ring) => ring.wait(fd, interest, index),
            Driver::Epoll(_) => Ok(()),
        }
    }

    fn watch(
        &mut self,
        interests: &mut Interests,
        fd: BorrowedFd<'_>,
        interest: Interest,
    ) -> io::Result<()> {
        match self {
            Driver::IoUring(_) => Ok(()),
            Driver::Epoll(epoll) => epoll.watch(interests, fd, interest),
        }
    }

    /// Whether an attempt would block, as far as is known.
    #[inline]
    fn is_blocked(&self, interests: &Interests, fd: BorrowedFd<'_>, interest: Interest) -> bool {
        match self {
            Driver::IoUring(_) => false,
            Driver::Epoll(_) => interests.is_blocked(fd, interest),
        }
    }

    fn abandon(&mut self, index: Index) -> bool {
        match self {
            Driver::IoUring(ring) => {
                ring.cancel(u64::from(index));
                true
            }
            Driver::Epoll(_) => false,
        }
    }

    fn cancel(&mut self, bits: u64) {
        match self {
            Driver::IoUring(ring) => ring.cancel(bits),
            Driver::Epoll(_) => unreachable!("only a ring works on operations"),
        }
    }

    fn turn(&mut self, timeout: Option<Duration>) -> io::Result<()> {
        match self {
            Driver::IoUring(ring) => ring.turn(timeout),
            Driver::Epoll(epoll) => epoll.turn(timeout),
        }
    }

    fn next(&mut self, arrivals: &mut Arrivals<'_>) -> Option<Waker> {
        match self {
            Driver::IoUring(ring) => ring.next(arrivals),
            Driver::Epoll(epoll) => epoll.next(arrivals),
        }
    }
}

fn unavailable(error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("io_uring is not available: {error}"))
}
