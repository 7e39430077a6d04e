//! A counter in the kernel.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::event::{EventfdFlags, eventfd};
use rustix::io::{Errno, read, write};

/// An event file descriptor: readable while it is signaled.
#[derive(Debug)]
pub(crate) struct Event(OwnedFd);

impl Event {
    /// An event that is not signaled.
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Event(eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?))
    }

    /// Signals the event.
    pub(crate) fn signal(&self) {
        // A full counter means that the event is signaled; nothing else can go wrong.
        while let Err(Errno::INTR) = write(&self.0, &1_u64.to_ne_bytes()) {}
    }

    /// Takes the signal back.
    pub(crate) fn clear(&self) {
        while let Err(Errno::INTR) = read(&self.0, &mut [0; 8]) {}
    }
}

impl AsFd for Event {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}
