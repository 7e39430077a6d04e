//! The kernel's queue of events on FreeBSD and macOS.
//!
//! Under `--cfg coframe_libkqueue` it is the library of that name, which does the same on Linux, so
//! that the driver can be run there.

#[cfg(coframe_libkqueue)]
mod emulated;

use core::ptr;
use core::time::Duration;
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};

use rustix::io::Errno;

#[cfg(coframe_libkqueue)]
use self::emulated as native;
use crate::driver::{Interest, Ready};
#[cfg(not(coframe_libkqueue))]
use libc as native;
use native::kevent as Change;

/// The number of events taken from the kernel at once.
///
/// That is the most that libkqueue gives. It asks the kernel for so many descriptors, each of which
/// may be two events, and loses those that do not fit.
const EVENTS: usize = 512;

/// A queue and the events it gave last.
pub(crate) struct Kqueue {
    queue: OwnedFd,
    events: Box<[Change; EVENTS]>,
    count: usize,
}

/// What has happened to one descriptor.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Event {
    pub(crate) fd: RawFd,
    /// The word that the descriptor was watched with.
    pub(crate) word: u32,
    pub(crate) ready: Ready,
}

impl Kqueue {
    pub(crate) fn new() -> io::Result<Self> {
        let nothing = change(0, 0, 0, 0);
        Ok(Kqueue { queue: open()?, events: Box::new([nothing; EVENTS]), count: 0 })
    }

    /// Reports that `fd` is readable for as long as it is, until it is closed.
    pub(crate) fn watch_level(&self, fd: BorrowedFd<'_>, word: u32) -> io::Result<()> {
        let mut changes = [read_filter(fd, native::EV_ADD, word)];
        submit(&self.queue, &mut changes)?;
        outcome(&changes[0])
    }

    /// Reports every change of `fd` until it is closed, and at first what it is ready for now.
    ///
    /// # Errors
    ///
    /// Those of the kernel. It is none that a descriptor can never be ready for the other interest.
    pub(crate) fn watch_edges(
        &self,
        fd: BorrowedFd<'_>,
        word: u32,
        interest: Interest,
    ) -> io::Result<()> {
        #[cfg(coframe_libkqueue)]
        self.forget(fd)?;
        let flags = native::EV_ADD | native::EV_CLEAR;
        let mut changes = [read_filter(fd, flags, word), write_filter(fd, flags, word)];
        submit(&self.queue, &mut changes)?;
        let [read, write] = changes.each_ref().map(outcome);
        let (asked, other) = match interest {
            Interest::Read => (read, write),
            Interest::Write => (write, read),
        };
        asked?;
        match other.as_ref().err().and_then(Errno::from_io_error) {
            // It is no such thing, or its other end is gone.
            None | Some(Errno::INVAL | Errno::PIPE | Errno::NODEV | Errno::OPNOTSUPP) => Ok(()),
            Some(_) => other,
        }
    }

    /// Forgets the last descriptor with this number: the library cannot know that it was closed.
    #[cfg(coframe_libkqueue)]
    fn forget(&self, fd: BorrowedFd<'_>) -> io::Result<()> {
        let flags = native::EV_DELETE;
        // The receipts say whether there was one.
        submit(&self.queue, &mut [read_filter(fd, flags, 0), write_filter(fd, flags, 0)])
    }

    /// Waits for events and gives their number; `None` waits for ever.
    pub(crate) fn wait(&mut self, timeout: Option<Duration>) -> io::Result<usize> {
        self.count = 0;
        let result = call(&self.queue, &[], &mut self.events[..], timeout);
        match result {
            Ok(count) => self.count = count,
            Err(error) if Errno::from_io_error(&error) == Some(Errno::INTR) => (),
            Err(error) => return Err(error),
        }
        Ok(self.count)
    }

    /// One of the events that `wait` counted.
    pub(crate) fn event(&self, index: usize) -> Event {
        let event = &self.events[..self.count][index];
        let readable = event.filter == native::EVFILT_READ;
        // No event tells of urgent bytes, at which a read stops as well: what a short call means is
        // never known.
        let ready = Ready { readable, writable: !readable, is_peculiar: true };
        Event { fd: event.ident as RawFd, word: event.udata.addr() as u32, ready }
    }
}

/// A descriptor that is readable when the process with this number, a child, has ended.
///
/// libkqueue's queues cannot be watched as descriptors, so there it is only tried out.
#[cfg(any(test, not(coframe_libkqueue)))]
pub(crate) fn handle_of(process: u32) -> io::Result<OwnedFd> {
    let queue = open()?;
    let mut change = change(process as usize, native::EVFILT_PROC, native::EV_ADD, 0);
    change.fflags = native::NOTE_EXIT;
    let mut changes = [change];
    submit(&queue, &mut changes)?;
    match outcome(&changes[0]) {
        // It has ended already; its number is its own until it was waited for.
        Err(error) if Errno::from_io_error(&error) == Some(Errno::SRCH) => trigger(&queue)?,
        result => result?,
    }
    Ok(queue)
}

/// Makes a queue readable.
#[cfg(any(test, not(coframe_libkqueue)))]
fn trigger(queue: &OwnedFd) -> io::Result<()> {
    for (flags, fflags) in [(native::EV_ADD, 0), (0, native::NOTE_TRIGGER)] {
        let mut change = change(0, native::EVFILT_USER, flags, 0);
        change.fflags = fflags;
        let mut changes = [change];
        submit(queue, &mut changes)?;
        outcome(&changes[0])?;
    }
    Ok(())
}

fn open() -> io::Result<OwnedFd> {
    // SAFETY: it takes nothing.
    let queue = unsafe { native::kqueue() };
    if queue < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the kernel made the descriptor just now, and nobody else has it.
    let queue = unsafe { OwnedFd::from_raw_fd(queue) };
    rustix::io::fcntl_setfd(&queue, rustix::io::FdFlags::CLOEXEC)?;
    Ok(queue)
}

fn read_filter(fd: BorrowedFd<'_>, flags: u16, word: u32) -> Change {
    change(fd.as_raw_fd() as usize, native::EVFILT_READ, flags, word)
}

fn write_filter(fd: BorrowedFd<'_>, flags: u16, word: u32) -> Change {
    change(fd.as_raw_fd() as usize, native::EVFILT_WRITE, flags, word)
}

/// A change, which becomes its own receipt.
fn change(ident: usize, filter: i16, flags: u16, word: u32) -> Change {
    // SAFETY: all zeros is a valid change.
    let mut change: Change = unsafe { core::mem::zeroed() };
    change.ident = ident;
    change.filter = filter;
    change.flags = flags | native::EV_RECEIPT;
    change.udata = ptr::without_provenance_mut(word as usize);
    change
}

/// Makes changes, and puts a receipt for each in its place.
fn submit<const N: usize>(queue: &OwnedFd, changes: &mut [Change; N]) -> io::Result<()> {
    let wanted = *changes;
    loop {
        match call(queue, &wanted, changes, Some(Duration::ZERO)) {
            Err(error) if Errno::from_io_error(&error) == Some(Errno::INTR) => (),
            Ok(count) if count < N => return Err(io::ErrorKind::Other.into()),
            result => return result.map(drop),
        }
    }
}

/// What a receipt says.
fn outcome(receipt: &Change) -> io::Result<()> {
    match receipt.data as i32 {
        0 => Ok(()),
        error => Err(io::Error::from_raw_os_error(error)),
    }
}

/// Makes changes and takes events, as many as there is room for.
fn call(
    queue: &OwnedFd,
    changes: &[Change],
    events: &mut [Change],
    timeout: Option<Duration>,
) -> io::Result<usize> {
    let timeout = timeout.map(|timeout| libc::timespec {
        tv_sec: timeout.as_secs().try_into().unwrap_or(libc::time_t::MAX),
        tv_nsec: timeout.subsec_nanos() as _,
    });
    let timeout = timeout.as_ref().map_or(ptr::null(), ptr::from_ref);
    let (start, count) = (changes.as_ptr(), changes.len() as _);
    let (room, len) = (events.as_mut_ptr(), events.len() as _);
    let queue = queue.as_fd().as_raw_fd();
    // SAFETY: the arrays are so long, the second may be written, and the time is valid or null.
    let count = unsafe { native::kevent(queue, start, count, room, len, timeout) };
    usize::try_from(count).map_err(|_| io::Error::last_os_error())
}

impl core::fmt::Debug for Kqueue {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Kqueue").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::os::fd::{AsFd, OwnedFd};
    use std::os::unix::net::UnixStream;
    use std::process::{Command, Stdio};

    use super::{Change, Kqueue, call, change, handle_of, native, trigger};
    use crate::driver::Interest;

    fn next(queue: &OwnedFd) -> Change {
        let mut events = [change(0, 0, 0, 0)];
        assert_eq!(call(queue, &[], &mut events, None).expect("an event"), 1);
        events[0]
    }

    #[test]
    fn a_child_that_ends_makes_an_event() {
        let mut child = Command::new("cat").stdin(Stdio::piped()).spawn().expect("a child");
        let queue = handle_of(child.id()).expect("a queue");
        drop(child.stdin.take());
        assert_eq!(next(&queue).filter, native::EVFILT_PROC);
        assert!(child.try_wait().expect("it was left").is_some_and(|status| status.success()));
    }

    #[test]
    fn a_trigger_makes_an_event() {
        let queue = super::open().expect("a queue");
        trigger(&queue).expect("an event");
        assert_eq!(next(&queue).filter, native::EVFILT_USER);
    }

    #[test]
    fn changes_of_a_descriptor_are_told_once() {
        let (here, mut there) = UnixStream::pair().expect("a pair of sockets");
        let mut queue = Kqueue::new().expect("a queue");
        queue.watch_edges(here.as_fd(), 7, Interest::Read).expect("a watch");
        assert_eq!(queue.wait(None).expect("an event"), 1);
        let first = queue.event(0);
        assert_eq!((first.word, first.ready.readable, first.ready.writable), (7, false, true));
        there.write_all(b"x").expect("a byte");
        let mut is_readable = false;
        while !is_readable {
            let count = queue.wait(None).expect("an event");
            is_readable = (0..count).any(|index| queue.event(index).ready.readable);
        }
        // The byte is still there, and nothing has changed.
        assert_eq!(queue.wait(Some(core::time::Duration::ZERO)).expect("no event"), 0);
    }
}
