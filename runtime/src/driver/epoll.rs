//! The driver over epoll.
//!
//! A descriptor is watched from the first time that somebody waits for it until it is closed, for
//! everything and edge by edge: an event says that something has changed since the last attempt.
//! What is known between two events is kept in [`Interests`], so that an attempt that would block
//! is not made. The kernel forgets a descriptor when it is closed; its epoch tells that its number
//! has a new owner.

use core::task::Waker;
use core::time::Duration;
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};
use std::sync::Arc;

use super::arrivals::Arrivals;
use super::interests::{Interests, word_of};
use super::{Config, Interest};
use crate::descriptor::epoch_of;
use crate::sys::epoll;
use crate::sys::event::Event;
use crate::sys::spin::Spin;
use crate::task::Slot;

/// Stands for the event in the place of the word of a descriptor.
const EVENT: u32 = u32::MAX;

/// An epoll instance with the events not yet handed out, and the event other threads signal.
pub(crate) struct Epoll {
    epoll: epoll::Epoll,
    event: Arc<Event>,
    spin: Spin,
}

impl Epoll {
    pub(crate) fn new(config: &Config, event: Arc<Event>) -> io::Result<Self> {
        let epoll = epoll::Epoll::new()?;
        epoll.watch_level(event.as_fd(), EVENT)?;
        Ok(Epoll { epoll, event, spin: Spin::new(config.spins) })
    }

    /// An attempt has blocked: makes sure that the next event of the descriptor comes.
    pub(crate) fn watch(
        &self,
        interests: &Interests,
        fd: BorrowedFd<'_>,
        interest: Interest,
    ) -> io::Result<()> {
        if !interests.is_watched(fd) {
            let epoch = epoch_of(fd.as_raw_fd());
            // What happened since the attempt makes an event as well.
            self.epoll.watch_edges(fd, word_of(epoch))?;
            interests.watch(fd, epoch);
        }
        interests.block(fd, interest);
        Ok(())
    }

    /// Enters the kernel, unless events are left.
    pub(crate) fn turn(&self, timeout: Option<Duration>) -> io::Result<()> {
        if self.epoll.peek().is_some() {
            return Ok(());
        }
        let timeout = self.wait_awake(timeout)?;
        if self.epoll.peek().is_none() { self.epoll.wait(timeout) } else { Ok(()) }
    }

    /// Spends a wait awake if that costs less than to sleep; gives what is left of the timeout. Only a wait after
    /// an event that came alone may be short, and not filled by others.
    fn wait_awake(&self, timeout: Option<Duration>) -> io::Result<Option<Duration>> {
        if self.epoll.found() != 1 {
            return Ok(timeout);
        }
        self.spin.wait(timeout, self.epoll.arrived(), || {
            self.epoll.wait(Some(Duration::ZERO))?;
            Ok(self.epoll.found() != 0)
        })
    }

    /// Whether all events were handed out.
    pub(crate) fn is_at_end(&self) -> bool {
        self.epoll.peek().is_none()
    }

    /// The task for which the next event is, if that is all there is to it. The caller runs it.
    #[inline(always)] // for one caller
    pub(crate) fn next_task(&self, interests: &Interests) -> Option<Slot> {
        let event = self.epoll.peek()?;
        let slot = if event.is_usual() { interests.read_at_once(event.fd()) } else { None }?;
        self.epoll.skip();
        Some(slot)
    }

    /// Hands events on until there is somebody to wake.
    pub(crate) fn next(&self, arrivals: &mut Arrivals<'_>) -> Option<Waker> {
        while let Some(event) = self.epoll.peek() {
            if event.word() == EVENT {
                self.event.clear();
            } else if let Some(waker) = arrivals.change(event.fd(), event.word(), event.ready()) {
                return Some(waker);
            }
            self.epoll.skip();
        }
        None
    }
}

impl core::fmt::Debug for Epoll {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Epoll").finish_non_exhaustive()
    }
}
