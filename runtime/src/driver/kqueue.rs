//! The driver over kqueue, on FreeBSD and macOS.
//!
//! As with epoll a descriptor is watched from the first time that somebody waits for it until it is
//! closed, for everything and edge by edge, and what is known between two events is kept in
//! [`Interests`]. The queue forgets a descriptor when it is closed; its epoch tells that its number
//! has a new owner.

use core::task::Waker;
use core::time::Duration;
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};
use std::sync::Arc;

use super::Interest;
use super::arrivals::Arrivals;
use super::interests::{Interests, word_of};
use crate::descriptor::epoch_of;
use crate::sys::event::Event;
use crate::sys::kqueue;

/// Stands for the event in the place of the word of a descriptor.
const EVENT: u32 = u32::MAX;

/// A queue, the events not yet handed out, and the event other threads signal.
#[derive(Debug)]
pub(crate) struct Kqueue {
    queue: kqueue::Kqueue,
    taken: usize,
    count: usize,
    event: Arc<Event>,
}

impl Kqueue {
    pub(crate) fn new(event: Arc<Event>) -> io::Result<Self> {
        let queue = kqueue::Kqueue::new()?;
        queue.watch_level(event.as_fd(), EVENT)?;
        Ok(Kqueue { queue, taken: 0, count: 0, event })
    }

    /// An attempt has blocked: makes sure that the next event of the descriptor comes.
    pub(crate) fn watch(
        &mut self,
        interests: &Interests,
        fd: BorrowedFd<'_>,
        interest: Interest,
    ) -> io::Result<()> {
        if !interests.is_watched(fd) {
            let epoch = epoch_of(fd.as_raw_fd());
            // What happened since the attempt makes an event as well.
            self.queue.watch_edges(fd, word_of(epoch), interest)?;
            interests.watch(fd, epoch);
        }
        interests.block(fd, interest);
        Ok(())
    }

    /// Enters the kernel, unless events are left.
    pub(crate) fn turn(&mut self, timeout: Option<Duration>) -> io::Result<()> {
        if self.taken == self.count {
            (self.taken, self.count) = (0, 0);
            self.count = self.queue.wait(timeout)?;
        }
        Ok(())
    }

    /// Hands events on until there is somebody to wake.
    pub(crate) fn next(&mut self, arrivals: &mut Arrivals<'_>) -> Option<Waker> {
        while self.taken < self.count {
            let event = self.queue.event(self.taken);
            if event.word == EVENT {
                self.event.clear();
            } else if let Some(waker) = arrivals.change(event.fd, event.word, event.ready) {
                return Some(waker);
            }
            self.taken += 1;
        }
        None
    }
}
