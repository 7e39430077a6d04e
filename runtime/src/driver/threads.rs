//! The driver that needs nothing but `poll` and threads.
//!
//! The thread of the loop asks all descriptors that somebody waits for whether they are ready, and
//! sleeps in that call. Threads do what blocks; they do so on every driver without completions.
//!
//! A descriptor is asked from the first wait for it until it has answered. A wait that was given up
//! is not taken out: the next answer finds nobody, and is the last. So nothing has to be found when a
//! wait ends, and no answer comes twice for nobody.

use core::task::Waker;
use core::time::Duration;
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::Arc;

use super::arrivals::Arrivals;
use super::{Config, Interest};
use crate::sys::event::Event;
use crate::sys::poll_set::PollSet;

/// The number of descriptors for which there is room from the start.
const ROOM: usize = 256;

/// The place of the event, which is never taken out.
const EVENT: usize = 0;

/// The descriptors that somebody waits for, and the event other threads signal.
#[derive(Debug)]
pub(crate) struct Threads {
    set: PollSet,
    /// The answers before this place were not looked at. It goes down, so that what takes the place
    /// of an entry was looked at already.
    rest: usize,
    /// How many of them there are.
    answers: usize,
    event: Arc<Event>,
}

impl Threads {
    pub(crate) fn new(config: &Config, event: Arc<Event>) -> Self {
        // With memory that is fixed there is room for as many as it can tell apart.
        let room = if config.is_fixed { PollSet::ROOM } else { ROOM };
        let mut set = PollSet::with_capacity(room);
        set.ask(event.as_fd(), Interest::Read);
        Threads { set, rest: 0, answers: 0, event }
    }

    /// Makes room for the waits of `count` more tasks.
    pub(crate) fn reserve(&mut self, count: usize) {
        self.set.reserve(count);
    }

    /// Waits until the descriptor is ready, for a record that is linked to it.
    pub(crate) fn wait(&mut self, fd: BorrowedFd<'_>, interest: Interest) {
        self.set.ask(fd, interest);
    }

    /// Enters the kernel, unless answers are left.
    pub(crate) fn turn(&mut self, timeout: Option<Duration>) -> io::Result<()> {
        let has_nothing_to_ask = self.set.len() == EVENT + 1 && timeout == Some(Duration::ZERO);
        if self.answers == 0 && !has_nothing_to_ask {
            self.answers = self.set.wait(timeout)?;
            self.rest = self.set.len();
        }
        Ok(())
    }

    /// Hands answers on until there is somebody to wake.
    pub(crate) fn next(&mut self, arrivals: &mut Arrivals<'_>) -> Option<Waker> {
        while self.answers > 0 && self.rest > 0 {
            let place = self.rest - 1;
            if let Some((fd, ready)) = self.set.answer(place) {
                if place == EVENT {
                    self.event.clear();
                    self.set.ask_again(EVENT);
                } else {
                    let is_ready = |interest| ready.is_for(interest);
                    while let Some(index) = arrivals.find(fd, is_ready) {
                        if let Some(waker) = arrivals.arrive(index, 0) {
                            return Some(waker);
                        }
                    }
                    self.set.settle(place);
                }
                self.answers -= 1;
            }
            self.rest = place;
        }
        self.answers = 0;
        None
    }
}
