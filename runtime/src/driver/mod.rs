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
#[cfg(any(target_os = "freebsd", target_vendor = "apple", coframe_libkqueue))]
mod kqueue;
mod ledger;
mod starved;
mod threads;
#[cfg(target_os = "linux")]
mod uring;

use core::task::Waker;
use core::time::Duration;
use std::io;
use std::os::fd::BorrowedFd;
#[cfg(target_os = "linux")]
use std::rc::Rc;
use std::sync::Arc;

pub(crate) use completion::{Index, Stage};
pub(crate) use kind::Config;
pub use kind::{DriverKind, DriverReport, UnknownDriver};
pub(crate) use ledger::Ledger;
#[cfg(target_os = "linux")]
pub(crate) use uring::poll_entry;

use crate::op::Key;
use crate::sys::event::Event;
#[cfg(target_os = "linux")]
use crate::sys::ring::Ring;
use arrivals::Arrivals;
#[cfg(target_os = "linux")]
pub(crate) use epoll::Epoll;
pub(crate) use interests::{Interests, Parked, Ready};
#[cfg(target_os = "linux")]
pub(crate) use interests::{READ_BLOCKED, WRITE_BLOCKED};

/// What an operation waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Interest {
    /// Bytes or a connection have arrived.
    Read,
    /// There is room for bytes, or a connection was made.
    Write,
}

/// What a loop looks at itself to see what has arrived, and the driver for all else.
#[derive(Debug)]
pub(crate) enum Events {
    /// The completions of a ring.
    #[cfg(target_os = "linux")]
    Ring(Rc<Ring>),
    /// The events of an epoll.
    #[cfg(target_os = "linux")]
    Epoll(Rc<Epoll>),
    /// Only the driver knows.
    Other,
}

#[cfg(target_os = "linux")]
impl Events {
    /// The ring, if they come from one.
    pub(crate) const fn ring(&self) -> Option<&Rc<Ring>> {
        match self {
            Events::Ring(ring) => Some(ring),
            Events::Epoll(_) | Events::Other => None,
        }
    }
}

/// One of the drivers.
#[derive(Debug)]
pub(crate) enum Driver {
    #[cfg(target_os = "linux")]
    IoUring(uring::Uring),
    #[cfg(target_os = "linux")]
    Epoll(Rc<Epoll>),
    #[cfg(any(target_os = "freebsd", target_vendor = "apple", coframe_libkqueue))]
    Kqueue(kqueue::Kqueue),
    Threads(threads::Threads),
}

impl Driver {
    /// The driver that `config` asks for, or the best that works here.
    pub(crate) fn new(config: &Config, event: &Arc<Event>) -> io::Result<(Self, DriverReport)> {
        if let Some(kind) = config.requested()? {
            let driver =
                Driver::of(kind, config, event).map_err(|error| unavailable(kind, &error))?;
            let reason = driver.mode().unwrap_or("asked for").to_owned();
            return Ok((driver, DriverReport { kind, reason }));
        }
        let mut refusals = Vec::new();
        for &kind in DriverKind::BEST_FIRST {
            match Driver::of(kind, config, event) {
                Ok(driver) => {
                    let reason = match driver.mode() {
                        Some(mode) => mode.to_owned(),
                        None if refusals.is_empty() => "the best of this system".to_owned(),
                        None => refusals.join("; "),
                    };
                    return Ok((driver, DriverReport { kind, reason }));
                }
                Err(error) => refusals.push(unavailable(kind, &error).to_string()),
            }
        }
        Err(io::Error::new(io::ErrorKind::Unsupported, refusals.join("; ")))
    }

    fn of(kind: DriverKind, config: &Config, event: &Arc<Event>) -> io::Result<Self> {
        let event = Arc::clone(event);
        match kind {
            #[cfg(target_os = "linux")]
            DriverKind::IoUring => uring::Uring::new(config, event).map(Driver::IoUring),
            #[cfg(target_os = "linux")]
            DriverKind::Epoll => {
                Epoll::new(config, event).map(|epoll| Driver::Epoll(Rc::new(epoll)))
            }
            #[cfg(any(target_os = "freebsd", target_vendor = "apple", coframe_libkqueue))]
            DriverKind::Kqueue => kqueue::Kqueue::new(event).map(Driver::Kqueue),
            DriverKind::Threads => Ok(Driver::Threads(threads::Threads::new(config, event))),
            // Each system misses one of them at least.
            #[allow(unreachable_patterns, reason = "Linux with libkqueue has them all")]
            _ => Err(io::Error::new(io::ErrorKind::Unsupported, "this system does not have it")),
        }
    }

    /// How the driver works, if it could work in several ways.
    fn mode(&self) -> Option<&'static str> {
        match self {
            #[cfg(target_os = "linux")]
            Driver::IoUring(ring) => Some(ring.mode()),
            _ => None,
        }
    }

    /// Whether all that can come are changes of descriptors that somebody waits for.
    const fn tells_of_changes(&self) -> bool {
        match self {
            #[cfg(target_os = "linux")]
            Driver::IoUring(_) => false,
            _ => true,
        }
    }

    /// Makes room for the operations of `count` more tasks.
    fn reserve(&mut self, count: usize) {
        if let Driver::Threads(threads) = self {
            threads.reserve(count);
        }
    }

    /// Where completions or events come from, if that is looked at without a detour.
    fn events(&self) -> Events {
        match self {
            #[cfg(target_os = "linux")]
            Driver::IoUring(uring) => Events::Ring(Rc::clone(uring.ring())),
            #[cfg(target_os = "linux")]
            Driver::Epoll(epoll) => Events::Epoll(Rc::clone(epoll)),
            _ => Events::Other,
        }
    }

    /// Asks the kernel to end the work on a unit soon.
    fn cancel_unit(&self, index: Index) {
        match self {
            #[cfg(target_os = "linux")]
            Driver::IoUring(ring) => ring.cancel_record(index),
            _ => unreachable!("only a ring works on units"),
        }
    }

    fn wait(&mut self, fd: BorrowedFd<'_>, interest: Interest, index: Index) -> io::Result<()> {
        match self {
            #[cfg(target_os = "linux")]
            Driver::IoUring(ring) => ring.wait(fd, interest, index),
            #[cfg(target_os = "linux")]
            Driver::Epoll(_) => Ok(()),
            #[cfg(any(target_os = "freebsd", target_vendor = "apple", coframe_libkqueue))]
            Driver::Kqueue(_) => Ok(()),
            Driver::Threads(threads) => {
                threads.wait(fd, interest);
                Ok(())
            }
        }
    }

    fn watch(
        &mut self,
        interests: &Interests,
        fd: BorrowedFd<'_>,
        interest: Interest,
    ) -> io::Result<()> {
        match self {
            #[cfg(target_os = "linux")]
            Driver::IoUring(_) => Ok(()),
            #[cfg(target_os = "linux")]
            Driver::Epoll(epoll) => epoll.watch(interests, fd, interest),
            #[cfg(any(target_os = "freebsd", target_vendor = "apple", coframe_libkqueue))]
            Driver::Kqueue(queue) => queue.watch(interests, fd, interest),
            Driver::Threads(_) => Ok(()),
        }
    }

    fn abandon(&mut self, index: Index) -> bool {
        match self {
            #[cfg(target_os = "linux")]
            Driver::IoUring(ring) => {
                ring.cancel_record(index);
                true
            }
            _ => false,
        }
    }

    fn cancel(&self, key: Key) {
        match self {
            #[cfg(target_os = "linux")]
            Driver::IoUring(ring) => ring.cancel(key),
            _ => unreachable!("only a ring works on operations"),
        }
    }

    fn turn(&mut self, timeout: Option<Duration>) -> io::Result<()> {
        match self {
            #[cfg(target_os = "linux")]
            Driver::IoUring(ring) => ring.turn(timeout),
            #[cfg(target_os = "linux")]
            Driver::Epoll(epoll) => epoll.turn(timeout),
            #[cfg(any(target_os = "freebsd", target_vendor = "apple", coframe_libkqueue))]
            Driver::Kqueue(queue) => queue.turn(timeout),
            Driver::Threads(threads) => threads.turn(timeout),
        }
    }

    fn next(&mut self, arrivals: &mut Arrivals<'_>) -> Option<Waker> {
        match self {
            #[cfg(target_os = "linux")]
            Driver::IoUring(ring) => ring.next(arrivals),
            #[cfg(target_os = "linux")]
            Driver::Epoll(epoll) => epoll.next(arrivals),
            #[cfg(any(target_os = "freebsd", target_vendor = "apple", coframe_libkqueue))]
            Driver::Kqueue(queue) => queue.next(arrivals),
            Driver::Threads(threads) => threads.next(arrivals),
        }
    }
}

fn unavailable(kind: DriverKind, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{kind} is not available: {error}"))
}
