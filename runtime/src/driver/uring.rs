//! The driver over an io_uring.

use core::time::Duration;
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};
use std::sync::Arc;

use io_uring::{opcode, types};

use super::completion::{Completions, Index};
use super::{Arrival, Interest};
use crate::sys::eventfd::EventFd;
use crate::sys::ring::{Entry, Ring};

/// Entries whose completions nobody waits for.
const IGNORED: u64 = u64::MAX;
/// The entry that waits for wakes from other threads.
const EVENT: u64 = u64::MAX - 1;

const POLL_IN: u32 = libc::POLLIN as u32 | libc::POLLRDHUP as u32;
const POLL_OUT: u32 = libc::POLLOUT as u32;

/// A ring, and the event that other threads signal.
#[derive(Debug)]
pub(crate) struct Uring {
    ring: Ring,
    event: Arc<EventFd>,
}

impl Uring {
    pub(crate) fn new(entries: u32, event: Arc<EventFd>) -> io::Result<Self> {
        let mut uring = Uring { ring: Ring::new(entries)?, event };
        uring.watch_event();
        // A filter that lets a ring be made may still forbid to use it: find out now.
        uring.ring.enter(Some(Duration::ZERO))?;
        Ok(uring)
    }

    /// How the ring was set up.
    pub(crate) const fn mode(&self) -> &'static str {
        self.ring.mode()
    }

    /// Queues an entry for the kernel.
    ///
    /// # Safety
    ///
    /// * The memory that the entry names keeps `KernelOwnsBuffer`.
    pub(crate) unsafe fn push(&mut self, entry: Entry) {
        // SAFETY: by this function's contract.
        unsafe { self.ring.push(entry) };
    }

    fn push_plain(&mut self, entry: Entry) {
        // SAFETY: the entry names no memory.
        unsafe { self.ring.push(entry) };
    }

    fn watch_event(&mut self) {
        let fd = types::Fd(self.event.as_fd().as_raw_fd());
        self.push_plain(opcode::PollAdd::new(fd, libc::POLLIN as u32).build().user_data(EVENT));
    }

    /// Waits until the descriptor is ready for what the record wants.
    pub(crate) fn wait(
        &mut self,
        completions: &mut Completions,
        fd: BorrowedFd<'_>,
        index: Index,
    ) -> io::Result<()> {
        let flags = match completions.get(index).interest {
            Interest::Read => POLL_IN,
            Interest::Write => POLL_OUT,
        };
        let entry = opcode::PollAdd::new(types::Fd(fd.as_raw_fd()), flags).build();
        self.push_plain(entry.user_data(u64::from(index)));
        Ok(())
    }

    /// Asks the kernel to end the operation soon; its completion comes all the same.
    pub(crate) fn cancel(&mut self, index: Index) -> bool {
        let entry = opcode::AsyncCancel::new(u64::from(index)).build();
        self.push_plain(entry.user_data(IGNORED));
        true
    }

    /// Enters the kernel.
    pub(crate) fn turn(&mut self, timeout: Option<Duration>) -> io::Result<()> {
        self.ring.enter(timeout)
    }

    /// The next completion of a record.
    pub(crate) fn next(&mut self) -> Option<Arrival> {
        loop {
            let completion = self.ring.next()?;
            match completion.user_data() {
                IGNORED => (),
                EVENT => {
                    self.event.clear();
                    self.watch_event();
                }
                index => {
                    return Some(Arrival { index: index as Index, result: completion.result() });
                }
            }
        }
    }
}
