//! The driver over epoll.
//!
//! Each wait arms its descriptor for one event. The kernel forgets a descriptor when it is closed,
//! so nothing here can outlive it; arming finds out by itself whether the kernel knows it.

use core::time::Duration;
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, RawFd};
use std::sync::Arc;

use super::completion::Completions;
use super::interests::Interests;
use super::{Arrival, Interest};
use crate::sys::epoll;
use crate::sys::eventfd::EventFd;

/// An epoll instance, the events not yet handed out, and the event other threads signal.
pub(crate) struct Epoll {
    epoll: epoll::Epoll,
    taken: usize,
    count: usize,
    event: Arc<EventFd>,
}

impl Epoll {
    pub(crate) fn new(event: Arc<EventFd>) -> io::Result<Self> {
        let epoll = epoll::Epoll::new()?;
        epoll.watch(event.as_fd())?;
        Ok(Epoll { epoll, taken: 0, count: 0, event })
    }

    /// Waits until the descriptor is ready for what its records want.
    pub(crate) fn wait(
        &mut self,
        interests: &Interests,
        completions: &mut Completions,
        fd: BorrowedFd<'_>,
    ) -> io::Result<()> {
        let number = fd.as_raw_fd();
        let mut wants = |interest| interests.find(completions, number, |i| i == interest).is_some();
        let (read, write) = (wants(Interest::Read), wants(Interest::Write));
        if read || write { self.epoll.arm(fd, read, write) } else { Ok(()) }
    }

    /// Enters the kernel, unless events are left.
    pub(crate) fn turn(&mut self, timeout: Option<Duration>) -> io::Result<()> {
        if self.taken == self.count {
            (self.taken, self.count) = (0, 0);
            self.count = self.epoll.wait(timeout)?;
        }
        Ok(())
    }

    /// The next record whose descriptor is ready.
    pub(crate) fn next(
        &mut self,
        interests: &Interests,
        completions: &mut Completions,
    ) -> Option<Arrival> {
        while self.taken < self.count {
            let ready = self.epoll.event(self.taken);
            let is_ready = |interest| match interest {
                Interest::Read => ready.readable,
                Interest::Write => ready.writable,
            };
            if let Some(index) = interests.find(completions, ready.fd, is_ready) {
                return Some(Arrival { index, result: 0 });
            }
            self.taken += 1;
            if ready.fd == self.event.as_fd().as_raw_fd() {
                self.event.clear();
            } else {
                self.arm_rest(interests, completions, ready.fd);
            }
        }
        None
    }

    /// Arms a descriptor again for the records that still wait for it.
    fn arm_rest(&self, interests: &Interests, completions: &mut Completions, fd: RawFd) {
        let mut wants = |interest| interests.find(completions, fd, |i| i == interest).is_some();
        let (read, write) = (wants(Interest::Read), wants(Interest::Write));
        if read || write {
            // SAFETY: somebody waits for the descriptor, so it is open; if it was closed behind
            // the back of its owner, the one call that uses it fails.
            let fd = unsafe { BorrowedFd::borrow_raw(fd) };
            // Those who wait for a descriptor that is not open are never woken, as with a peer that
            // stays silent.
            let _ = self.epoll.arm(fd, read, write);
        }
    }
}

impl core::fmt::Debug for Epoll {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Epoll").finish_non_exhaustive()
    }
}
