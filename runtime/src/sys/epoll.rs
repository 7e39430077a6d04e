//! The readiness of file descriptors.
//!
//! # Invariants
//!
//! * `EventsWritten`: the first `count` events are initialised. Established by `Epoll::wait`.

use core::mem::MaybeUninit;
use core::time::Duration;
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, OwnedFd, RawFd};

use rustix::event::epoll::{self, CreateFlags, EventData, EventFlags};
use rustix::io::Errno;
use rustix::time::Timespec;

use crate::driver::Ready;

/// The number of events taken from the kernel at once.
const EVENTS: usize = 256;

/// An epoll instance and the events it gave last.
pub(crate) struct Epoll {
    epoll: OwnedFd,
    events: Box<[MaybeUninit<epoll::Event>; EVENTS]>,
    /// The kernel has written so many events: `EventsWritten`.
    count: usize,
}

/// What has happened to one descriptor.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Event {
    pub(crate) fd: RawFd,
    /// The epoch in which the descriptor was watched.
    pub(crate) epoch: u32,
    pub(crate) ready: Ready,
}

impl Epoll {
    pub(crate) fn new() -> io::Result<Self> {
        let epoll = epoll::create(CreateFlags::CLOEXEC)?;
        Ok(Epoll { epoll, events: Box::new([MaybeUninit::uninit(); EVENTS]), count: 0 })
    }

    /// Reports that `fd` is readable for as long as it is, until it is closed.
    pub(crate) fn watch_level(&self, fd: BorrowedFd<'_>, epoch: u32) -> io::Result<()> {
        Ok(epoll::add(&self.epoll, fd, data(fd, epoch), EventFlags::IN)?)
    }

    /// Reports every change of `fd` until it is closed, and at first what it is ready for now.
    pub(crate) fn watch_edges(&self, fd: BorrowedFd<'_>, epoch: u32) -> io::Result<()> {
        let flags =
            EventFlags::ET | EventFlags::IN | EventFlags::OUT | EventFlags::RDHUP | EventFlags::PRI;
        match epoll::add(&self.epoll, fd, data(fd, epoch), flags) {
            // It changed its owner without being closed.
            Err(Errno::EXIST) => Ok(epoll::modify(&self.epoll, fd, data(fd, epoch), flags)?),
            result => Ok(result?),
        }
    }

    /// Waits for events and gives their number; `None` waits for ever.
    pub(crate) fn wait(&mut self, timeout: Option<Duration>) -> io::Result<usize> {
        let timeout = timeout.map(|timeout| Timespec {
            tv_sec: timeout.as_secs().try_into().unwrap_or(i64::MAX),
            tv_nsec: timeout.subsec_nanos().into(),
        });
        self.count = 0;
        match epoll::wait(&self.epoll, &mut self.events[..], timeout.as_ref()) {
            Ok((events, _)) => self.count = events.len(),
            Err(Errno::INTR) => (),
            Err(error) => return Err(error.into()),
        }
        Ok(self.count)
    }

    /// One of the events that `wait` counted.
    pub(crate) fn event(&self, index: usize) -> Event {
        let event = self.events[..self.count][index];
        // SAFETY: the index is less than the count, which was just checked: `EventsWritten`.
        let epoll::Event { flags, data } = unsafe { event.assume_init() };
        let failed = flags.intersects(EventFlags::ERR | EventFlags::HUP);
        let ended = flags.contains(EventFlags::RDHUP);
        let ready = Ready {
            readable: failed || ended || flags.intersects(EventFlags::IN | EventFlags::PRI),
            writable: failed || flags.contains(EventFlags::OUT),
            is_peculiar: failed || ended || flags.contains(EventFlags::PRI),
        };
        let (fd, epoch) = (data.u64() as u32 as RawFd, (data.u64() >> 32) as u32);
        Event { fd, epoch, ready }
    }
}

/// What the kernel gives back with an event of `fd`.
fn data(fd: BorrowedFd<'_>, epoch: u32) -> EventData {
    EventData::new_u64(u64::from(epoch) << 32 | u64::from(fd.as_raw_fd() as u32))
}
