//! The readiness of file descriptors.
//!
//! # Invariants
//!
//! * `EventsWritten`: the first `count` events are initialised. Established by `Epoll::wait`.

use core::mem::MaybeUninit;
use core::time::Duration;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd, RawFd};

use rustix::event::epoll::{self, CreateFlags, Event, EventData, EventFlags};
use rustix::io::Errno;
use rustix::time::Timespec;

/// The number of events taken from the kernel at once.
const EVENTS: usize = 256;

/// An epoll instance and the events it gave last.
pub(crate) struct Epoll {
    epoll: OwnedFd,
    events: Box<[MaybeUninit<Event>; EVENTS]>,
    /// The kernel has written so many events: `EventsWritten`.
    count: usize,
}

/// What one descriptor became ready for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ready {
    pub(crate) fd: RawFd,
    pub(crate) readable: bool,
    pub(crate) writable: bool,
}

impl Epoll {
    pub(crate) fn new() -> io::Result<Self> {
        let epoll = epoll::create(CreateFlags::CLOEXEC)?;
        Ok(Epoll { epoll, events: Box::new([MaybeUninit::uninit(); EVENTS]), count: 0 })
    }

    /// Reports readiness of `fd` until it is closed.
    pub(crate) fn watch(&self, fd: BorrowedFd<'_>) -> io::Result<()> {
        let data = EventData::new_u64(u64::from(fd_bits(fd)));
        Ok(epoll::add(&self.epoll, fd, data, EventFlags::IN)?)
    }

    /// Reports once when `fd` is ready for one of these.
    pub(crate) fn arm(&self, fd: BorrowedFd<'_>, read: bool, write: bool) -> io::Result<()> {
        let mut flags = EventFlags::ONESHOT;
        flags.set(EventFlags::IN | EventFlags::RDHUP, read);
        flags.set(EventFlags::OUT, write);
        let data = EventData::new_u64(u64::from(fd_bits(fd)));
        // A descriptor that was closed left the instance by itself, so what the instance knows is
        // about this one.
        match epoll::modify(&self.epoll, fd, data, flags) {
            Err(Errno::NOENT) => Ok(epoll::add(&self.epoll, fd, data, flags)?),
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
    pub(crate) fn event(&self, index: usize) -> Ready {
        let event = self.events[..self.count][index];
        // SAFETY: the index is less than the count, which was just checked: `EventsWritten`.
        let Event { flags, data } = unsafe { event.assume_init() };
        let failed = flags.intersects(EventFlags::ERR | EventFlags::HUP);
        Ready {
            fd: data.u64() as u32 as RawFd,
            readable: failed || flags.intersects(EventFlags::IN | EventFlags::RDHUP),
            writable: failed || flags.contains(EventFlags::OUT),
        }
    }
}

fn fd_bits(fd: BorrowedFd<'_>) -> u32 {
    use std::os::fd::AsRawFd;
    fd.as_fd().as_raw_fd() as u32
}
