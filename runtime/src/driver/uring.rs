//! The driver over an io_uring.

use core::task::Waker;
use core::time::Duration;
use std::env;
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};
use std::rc::Rc;
use std::sync::Arc;

use super::arrivals::Arrivals;
use super::completion::Index;
use super::{Config, Interest};
use crate::op::Key;
use crate::sys::event::Event;
use crate::sys::ring::{Code, Completed, Entry, Ring, Without};

/// Entries whose completions nobody waits for.
const IGNORED: u64 = Key::NOT | 1 << 62;
/// The entry that waits for wakes from other threads.
const EVENT: u64 = Key::NOT | 1 << 61;

/// The environment variable that names what the ring does without.
const VARIABLE: &str = "COFRAME_RING_WITHOUT";

const POLL_IN: u32 = libc::POLLIN as u32 | libc::POLLRDHUP as u32;
const POLL_OUT: u32 = libc::POLLOUT as u32;

/// A ring, and the event that other threads signal.
#[derive(Debug)]
pub(crate) struct Uring {
    ring: Rc<Ring>,
    event: Arc<Event>,
}

impl Uring {
    pub(crate) fn new(config: &Config, event: Arc<Event>) -> io::Result<Self> {
        let ring = Ring::new(config.entries, config.is_fixed, config.spins, without()?)?;
        let uring = Uring { ring: Rc::new(ring), event };
        if !config.uses_ring_for_files {
            uring.ring.restrict();
        }
        uring.watch_event();
        // A filter that lets a ring be made may still forbid to use it: find out now.
        uring.ring.enter(Some(Duration::ZERO))?;
        Ok(uring)
    }

    /// How the ring was set up.
    pub(crate) fn mode(&self) -> &'static str {
        self.ring.mode()
    }

    /// Queues an entry for the kernel, for a record.
    ///
    /// # Safety
    ///
    /// * The memory that the entry names keeps `KernelOwnsBuffer`.
    pub(crate) unsafe fn push(&self, entry: Entry, index: Index) {
        // SAFETY: by this function's contract.
        unsafe { self.ring.push(entry.user_data(record_bits(index))) };
    }

    /// The ring.
    pub(crate) const fn ring(&self) -> &Rc<Ring> {
        &self.ring
    }

    fn push_plain(&self, entry: Entry) {
        // SAFETY: the entry names no memory.
        unsafe { self.ring.push(entry) };
    }

    fn watch_event(&self) {
        let poll = poll_entry(self.event.as_fd(), Interest::Read);
        self.push_plain(poll.user_data(EVENT));
    }

    /// Waits until the descriptor is ready, for a record.
    pub(crate) fn wait(
        &self,
        fd: BorrowedFd<'_>,
        interest: Interest,
        index: Index,
    ) -> io::Result<()> {
        let entry = poll_entry(fd, interest);
        self.push_plain(entry.user_data(record_bits(index)));
        Ok(())
    }

    /// Asks the kernel to end the operation of a key soon; its completion comes all the same.
    pub(crate) fn cancel(&self, key: Key) {
        self.cancel_bits(key.bits());
    }

    /// As [`cancel`](Self::cancel), for a record.
    pub(crate) fn cancel_record(&self, index: Index) {
        self.cancel_bits(record_bits(index));
    }

    fn cancel_bits(&self, bits: u64) {
        let cancel = Entry::new(Code::Cancel, -1).target(bits);
        self.push_plain(cancel.user_data(IGNORED));
    }

    /// Enters the kernel.
    pub(crate) fn turn(&self, timeout: Option<Duration>) -> io::Result<()> {
        self.ring.enter(timeout)
    }

    /// Hands completions on until there is somebody to wake.
    pub(crate) fn next(&self, arrivals: &mut Arrivals<'_>) -> Option<Waker> {
        while let Some(completed) = self.ring.peek() {
            self.ring.skip();
            let Completed { user_data: bits, result, .. } = completed;
            let waker = match Key::from_bits(bits) {
                // SAFETY: the kernel gave the key back just now, and gives each back once.
                Some(key) => unsafe { arrivals.land(key, result) },
                None if bits == IGNORED => None,
                None if bits == EVENT => {
                    self.event.clear();
                    self.watch_event();
                    None
                }
                None if completed.is_first() => {
                    arrivals.begin_end(bits as Index, result);
                    None
                }
                None if completed.is_notification() => arrivals.end(bits as Index),
                None => arrivals.arrive(bits as Index, result),
            };
            if waker.is_some() {
                return waker;
            }
        }
        None
    }
}

/// What the environment wants the ring to do without.
fn without() -> io::Result<Without> {
    let Some(value) = env::var_os(VARIABLE) else { return Ok(Without::NOTHING) };
    let invalid = |error| {
        io::Error::new(io::ErrorKind::InvalidInput, format!("the variable {VARIABLE}: {error}"))
    };
    value.to_string_lossy().parse().map_err(invalid)
}

/// The user data of the entry for a record.
fn record_bits(index: Index) -> u64 {
    Key::NOT | u64::from(index)
}

/// The submission entry that waits until a descriptor is ready.
pub(crate) fn poll_entry(fd: BorrowedFd<'_>, interest: Interest) -> Entry {
    let flags = match interest {
        Interest::Read => POLL_IN,
        Interest::Write => POLL_OUT,
    };
    // The kernel takes the halves of the word in the order that it has on a little endian machine.
    let flags = if cfg!(target_endian = "big") { flags.rotate_left(16) } else { flags };
    Entry::new(Code::Poll, fd.as_raw_fd()).options(flags)
}
