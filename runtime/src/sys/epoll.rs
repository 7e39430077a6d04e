//! The readiness of file descriptors.
//!
//! # Invariants
//!
//! * `EventsWritten`: the first `count` events are initialised. Established by `Epoll::wait`. Nobody
//!   has a reference to them outside of the methods of `Epoll`, which call nobody else.

use core::cell::{Cell, UnsafeCell};
use core::mem::MaybeUninit;
use core::time::Duration;
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, OwnedFd, RawFd};

use rustix::event::epoll::{self, CreateFlags, EventData, EventFlags};
use rustix::io::Errno;
use rustix::time::Timespec;

use crate::driver::{READ_BLOCKED, Ready, WRITE_BLOCKED};

/// The number of events taken from the kernel at once.
const EVENTS: usize = 256;

/// An epoll instance and the events it gave last.
pub(crate) struct Epoll {
    epoll: OwnedFd,
    events: UnsafeCell<Box<[MaybeUninit<epoll::Event>; EVENTS]>>,
    /// The kernel has written so many events: `EventsWritten`.
    count: Cell<usize>,
    /// So many of them were taken.
    taken: Cell<usize>,
    /// So many events there were in all, without the highest bits.
    arrived: Cell<u32>,
}

/// What has happened to one descriptor.
#[derive(Clone, Copy)]
pub(crate) struct Event(epoll::Event);

// So that what the kernel says of a descriptor is what is known of it.
const _: () =
    assert!(EventFlags::IN.bits() == READ_BLOCKED && EventFlags::OUT.bits() == WRITE_BLOCKED);

impl Epoll {
    pub(crate) fn new() -> io::Result<Self> {
        let epoll = epoll::create(CreateFlags::CLOEXEC)?;
        let events = UnsafeCell::new(Box::new([MaybeUninit::uninit(); EVENTS]));
        let (count, taken, arrived) = (Cell::new(0), Cell::new(0), Cell::new(0));
        Ok(Epoll { epoll, events, count, taken, arrived })
    }

    /// Reports that `fd` is readable for as long as it is, until it is closed. Events come with `word`.
    pub(crate) fn watch_level(&self, fd: BorrowedFd<'_>, word: u32) -> io::Result<()> {
        Ok(epoll::add(&self.epoll, fd, data(fd, word), EventFlags::IN)?)
    }

    /// Reports every change of `fd` until it is closed, and at first what it is ready for now. Events
    /// come with `word`.
    pub(crate) fn watch_edges(&self, fd: BorrowedFd<'_>, word: u32) -> io::Result<()> {
        let flags =
            EventFlags::ET | EventFlags::IN | EventFlags::OUT | EventFlags::RDHUP | EventFlags::PRI;
        match epoll::add(&self.epoll, fd, data(fd, word), flags) {
            // It changed its owner without being closed.
            Err(Errno::EXIST) => Ok(epoll::modify(&self.epoll, fd, data(fd, word), flags)?),
            result => Ok(result?),
        }
    }

    /// Waits for events, instead of those that are left; `None` waits for ever.
    pub(crate) fn wait(&self, timeout: Option<Duration>) -> io::Result<()> {
        let timeout = timeout.map(|timeout| Timespec {
            tv_sec: timeout.as_secs().try_into().unwrap_or(i64::MAX),
            tv_nsec: timeout.subsec_nanos().into(),
        });
        self.count.set(0);
        self.taken.set(0);
        // SAFETY: nobody else has a reference: `EventsWritten`.
        let events = unsafe { &mut *self.events.get() };
        match epoll::wait(&self.epoll, &mut events[..], timeout.as_ref()) {
            Ok((events, _)) => {
                self.count.set(events.len());
                self.arrived.set(self.arrived.get().wrapping_add(events.len() as u32));
            }
            Err(Errno::INTR) => (),
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    /// How many events the last `wait` has found.
    pub(crate) const fn found(&self) -> usize {
        self.count.get()
    }

    /// How many events there were so far, without the highest bits.
    pub(crate) const fn arrived(&self) -> u32 {
        self.arrived.get()
    }

    /// The next of the events that `wait` has found.
    #[inline(always)] // for few callers
    pub(crate) fn peek(&self) -> Option<Event> {
        let (taken, count) = (self.taken.get(), self.count.get());
        if taken == count {
            return None;
        }
        // SAFETY: nobody has an exclusive reference: `EventsWritten`.
        let events = unsafe { &**self.events.get() };
        // SAFETY: it is one of those that were counted: `skip` goes no further.
        let event = unsafe { events.get_unchecked(taken) };
        // SAFETY: as above, and the kernel has written those: `EventsWritten`.
        Some(Event(unsafe { event.assume_init() }))
    }

    /// Passes the event that [`peek`](Self::peek) has given.
    #[inline]
    pub(crate) fn skip(&self) {
        debug_assert!(self.taken.get() < self.count.get());
        self.taken.set(self.taken.get() + 1);
    }
}

impl Event {
    /// The descriptor.
    #[inline]
    pub(crate) fn fd(self) -> RawFd {
        self.data() as u32 as RawFd
    }

    /// The word that the descriptor was watched with.
    #[inline]
    pub(crate) fn word(self) -> u32 {
        (self.data() >> 32) as u32
    }

    #[inline]
    fn data(self) -> u64 {
        let Event(epoll::Event { data, .. }) = self;
        data.u64()
    }

    /// Whether the descriptor can be read, and perhaps written, and nothing else has happened to it.
    #[inline]
    pub(crate) fn is_usual(self) -> bool {
        let Event(epoll::Event { flags, .. }) = self;
        flags.difference(EventFlags::OUT) == EventFlags::IN
    }

    /// What the descriptor is ready for.
    pub(crate) fn ready(self) -> Ready {
        let Event(epoll::Event { flags, .. }) = self;
        let failed = flags.intersects(EventFlags::ERR | EventFlags::HUP);
        let ended = flags.contains(EventFlags::RDHUP);
        Ready {
            readable: failed || ended || flags.intersects(EventFlags::IN | EventFlags::PRI),
            writable: failed || flags.contains(EventFlags::OUT),
            is_peculiar: failed || ended || flags.contains(EventFlags::PRI),
        }
    }
}

/// What the kernel gives back with an event of `fd`.
fn data(fd: BorrowedFd<'_>, word: u32) -> EventData {
    EventData::new_u64(u64::from(word) << 32 | u64::from(fd.as_raw_fd() as u32))
}
