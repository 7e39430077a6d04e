//! The driver over an io_uring.

use core::task::Waker;
use core::time::Duration;
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};
use std::sync::Arc;

use io_uring::{opcode, types};

use super::arrivals::Arrivals;
use super::completion::Index;
use super::{Config, Interest};
use crate::op::Key;
use crate::sys::event::Event;
use crate::sys::ring::{Entry, Ring};

/// Entries whose completions nobody waits for.
const IGNORED: u64 = 1 << 40;
/// The entry that waits for wakes from other threads.
const EVENT: u64 = 1 << 41;

const POLL_IN: u32 = libc::POLLIN as u32 | libc::POLLRDHUP as u32;
const POLL_OUT: u32 = libc::POLLOUT as u32;

/// A ring, and the event that other threads signal.
#[derive(Debug)]
pub(crate) struct Uring {
    ring: Ring,
    event: Arc<Event>,
}

impl Uring {
    pub(crate) fn new(config: &Config, event: Arc<Event>) -> io::Result<Self> {
        let mut uring = Uring { ring: Ring::new(config.entries)?, event };
        if !config.uses_ring_for_files {
            uring.ring.restrict();
        }
        uring.watch_event();
        // A filter that lets a ring be made may still forbid to use it: find out now.
        uring.ring.enter(Some(Duration::ZERO))?;
        Ok(uring)
    }

    /// How the ring was set up.
    pub(crate) const fn mode(&self) -> &'static str {
        self.ring.mode()
    }

    /// Whether the kernel has the operation with this code.
    pub(crate) const fn can_do(&self, code: u8) -> bool {
        self.ring.can_do(code)
    }

    /// Queues an entry for the kernel.
    ///
    /// # Safety
    ///
    /// * The memory that the entry names keeps `KernelOwnsBuffer`.
    #[inline]
    pub(crate) unsafe fn push(&mut self, entry: &Entry) {
        // SAFETY: by this function's contract.
        unsafe { self.ring.push(entry) };
    }

    fn push_plain(&mut self, entry: Entry) {
        // SAFETY: the entry names no memory.
        unsafe { self.ring.push(&entry) };
    }

    fn watch_event(&mut self) {
        let fd = types::Fd(self.event.as_fd().as_raw_fd());
        self.push_plain(opcode::PollAdd::new(fd, libc::POLLIN as u32).build().user_data(EVENT));
    }

    /// Waits until the descriptor is ready, for a record.
    pub(crate) fn wait(
        &mut self,
        fd: BorrowedFd<'_>,
        interest: Interest,
        index: Index,
    ) -> io::Result<()> {
        let entry = poll_entry(fd, interest);
        self.push_plain(entry.user_data(u64::from(index)));
        Ok(())
    }

    /// Asks the kernel to end an operation soon; its completion comes all the same.
    pub(crate) fn cancel(&mut self, bits: u64) {
        let entry = opcode::AsyncCancel::new(bits).build();
        self.push_plain(entry.user_data(IGNORED));
    }

    /// Enters the kernel.
    pub(crate) fn turn(&mut self, timeout: Option<Duration>) -> io::Result<()> {
        self.ring.enter(timeout)
    }

    /// Hands completions on until there is somebody to wake.
    #[inline]
    pub(crate) fn next(&mut self, arrivals: &mut Arrivals<'_>) -> Option<Waker> {
        let mut is_signaled = false;
        let waker = self.ring.find_completion(|bits, result| match Key::from_bits(bits) {
            // SAFETY: the kernel gave the key back just now, and gives each back once.
            Some(key) => unsafe { arrivals.land(key, result) },
            None if bits == IGNORED => None,
            None if bits == EVENT => {
                is_signaled = true;
                None
            }
            None => arrivals.arrive(bits as Index, result),
        });
        if is_signaled {
            self.event.clear();
            self.watch_event();
        }
        waker
    }
}

/// The submission entry that waits until a descriptor is ready.
pub(crate) fn poll_entry(fd: BorrowedFd<'_>, interest: Interest) -> Entry {
    let flags = match interest {
        Interest::Read => POLL_IN,
        Interest::Write => POLL_OUT,
    };
    opcode::PollAdd::new(types::Fd(fd.as_raw_fd()), flags).build()
}
