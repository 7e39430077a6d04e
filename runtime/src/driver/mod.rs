//! The ways to the kernel, all presented as completions.
//!
//! An operation in flight has a record in the [`Ledger`]. The contract of every driver:
//!
//! * `wait` takes the index of a record that waits for a descriptor. It comes back from `next`
//!   once the descriptor is ready, perhaps too early.
//! * `abandon` says that nobody waits for a record any more. It gives true if the index comes back
//!   from `next` nevertheless.
//! * `turn` enters the kernel at most once; `next` gives what has arrived, one index at a time.
//! * Only the ring has `begin`: it gives the kernel memory of a slot, under the rules in
//!   [`crate::op`].

mod completion;
#[cfg(target_os = "linux")]
mod epoll;
mod interests;
mod kind;
mod ledger;
mod starved;
#[cfg(target_os = "linux")]
mod uring;

use core::time::Duration;
use std::io;
use std::os::fd::BorrowedFd;
use std::sync::Arc;

pub(crate) use completion::{Index, Stage};
pub(crate) use kind::Config;
pub use kind::{DriverKind, DriverReport, UnknownDriver};
pub(crate) use ledger::{Dropped, Ledger};

use crate::sys::eventfd::EventFd;
use completion::Completions;
use interests::Interests;

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

/// A record whose operation has something to look at: the result of the system call, or zero.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arrival {
    pub(crate) index: Index,
    pub(crate) result: i32,
}

impl Driver {
    /// The driver that `config` asks for, or the best that works here.
    pub(crate) fn new(config: &Config, event: Arc<EventFd>) -> io::Result<(Self, DriverReport)> {
        let requested = config.requested()?;
        let refusal = match requested {
            Some(DriverKind::Epoll) => "asked for".to_owned(),
            _ => match uring::Uring::new(config.entries, Arc::clone(&event)) {
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

    fn wait(
        &mut self,
        table: (&mut Interests, &mut Completions),
        fd: BorrowedFd<'_>,
        index: Index,
    ) -> io::Result<()> {
        match self {
            Driver::IoUring(ring) => ring.wait(table.1, fd, index),
            Driver::Epoll(epoll) => epoll.wait(table.0, table.1, fd),
        }
    }

    fn abandon(&mut self, index: Index) -> bool {
        match self {
            Driver::IoUring(ring) => ring.cancel(index),
            Driver::Epoll(_) => false,
        }
    }

    fn turn(&mut self, timeout: Option<Duration>) -> io::Result<()> {
        match self {
            Driver::IoUring(ring) => ring.turn(timeout),
            Driver::Epoll(epoll) => epoll.turn(timeout),
        }
    }

    fn next(
        &mut self,
        interests: &mut Interests,
        completions: &mut Completions,
    ) -> Option<Arrival> {
        match self {
            Driver::IoUring(ring) => ring.next(),
            Driver::Epoll(epoll) => epoll.next(interests, completions),
        }
    }
}

fn unavailable(error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("io_uring is not available: {error}"))
}
