//! Many descriptors, asked at once by `poll`.

use core::time::Duration;
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, RawFd};

use rustix::io::Errno;

use crate::driver::{Interest, Ready};

/// Descriptors, each once, what each is asked for, and what it answered last.
///
/// A descriptor that was closed answers that it is ready; one that has its number answers instead.
#[derive(Debug)]
pub(crate) struct PollSet {
    entries: Vec<libc::pollfd>,
    /// Where the entry of each descriptor is, plus one.
    places: Vec<u32>,
}

const fn flag(interest: Interest) -> libc::c_short {
    match interest {
        Interest::Read => libc::POLLIN,
        Interest::Write => libc::POLLOUT,
    }
}

impl PollSet {
    /// The number of descriptors for which there is room from the start. Pages that are never touched
    /// cost nothing.
    pub(crate) const ROOM: usize = 1 << 16;

    /// No descriptors, and room for `count` before memory is taken again.
    pub(crate) fn with_capacity(count: usize) -> Self {
        PollSet { entries: Vec::with_capacity(count), places: vec![0; PollSet::ROOM] }
    }

    /// Makes room for `count` more.
    pub(crate) fn reserve(&mut self, count: usize) {
        self.entries.reserve(count);
    }

    /// The number of descriptors.
    pub(crate) const fn len(&self) -> usize {
        self.entries.len()
    }

    /// Asks whether `fd` is ready for `interest`, beside what it is asked for already.
    pub(crate) fn ask(&mut self, fd: BorrowedFd<'_>, interest: Interest) {
        let fd = fd.as_raw_fd();
        if fd as usize >= self.places.len() {
            self.places.resize((fd as usize + 1).next_power_of_two(), 0);
        }
        let place = &mut self.places[fd as usize];
        if *place == 0 {
            self.entries.push(libc::pollfd { fd, events: 0, revents: 0 });
            *place = self.entries.len() as u32;
        }
        self.entries[*place as usize - 1].events |= flag(interest);
    }

    /// What a descriptor is ready for, by its place; `None` if it has not answered.
    pub(crate) fn answer(&self, place: usize) -> Option<(RawFd, Ready)> {
        let entry = self.entries.get(place).filter(|entry| entry.revents != 0)?;
        let failed = entry.revents & (libc::POLLERR | libc::POLLHUP | libc::POLLNVAL) != 0;
        let is_ready = |interest| failed || entry.revents & flag(interest) != 0;
        let (readable, writable) = (is_ready(Interest::Read), is_ready(Interest::Write));
        Some((entry.fd, Ready { readable, writable, is_peculiar: failed }))
    }

    /// The answer was taken: asks for what the descriptor was not ready for.
    ///
    /// If that is nothing the last descriptor takes its place.
    pub(crate) fn settle(&mut self, place: usize) {
        let Some((fd, ready)) = self.answer(place) else { return };
        let entry = &mut self.entries[place];
        for interest in [Interest::Read, Interest::Write] {
            if ready.is_for(interest) {
                entry.events &= !flag(interest);
            }
        }
        entry.revents = 0;
        if entry.events == 0 {
            self.places[fd as usize] = 0;
            self.entries.swap_remove(place);
            if let Some(moved) = self.entries.get(place) {
                self.places[moved.fd as usize] = place as u32 + 1;
            }
        }
    }

    /// The answer was taken: asks for the same again.
    pub(crate) fn ask_again(&mut self, place: usize) {
        self.entries[place].revents = 0;
    }

    /// Waits for answers and gives their number; `None` waits for ever.
    pub(crate) fn wait(&mut self, timeout: Option<Duration>) -> io::Result<usize> {
        match self.poll(timeout) {
            Ok(count) => Ok(count),
            // The kernel has answered nothing; what the entries say is from before.
            Err(error) if Errno::from_io_error(&error) == Some(Errno::INTR) => Ok(0),
            Err(error) => Err(error),
        }
    }

    #[cfg(not(target_vendor = "apple"))]
    fn poll(&mut self, timeout: Option<Duration>) -> io::Result<usize> {
        let timeout = timeout.map(|timeout| libc::timespec {
            tv_sec: timeout.as_secs().try_into().unwrap_or(libc::time_t::MAX),
            tv_nsec: timeout.subsec_nanos() as _,
        });
        let timeout = timeout.as_ref().map_or(core::ptr::null(), core::ptr::from_ref);
        let (start, count) = (self.entries.as_mut_ptr(), self.entries.len() as libc::nfds_t);
        // SAFETY: the entries are so many and may be written, and the time is valid or null.
        let count = unsafe { libc::ppoll(start, count, timeout, core::ptr::null()) };
        usize::try_from(count).map_err(|_| io::Error::last_os_error())
    }

    #[cfg(target_vendor = "apple")]
    fn poll(&mut self, timeout: Option<Duration>) -> io::Result<usize> {
        // Whole milliseconds, rounded up: to wake too early would be to wake twice.
        let whole = |timeout: Duration| timeout.as_nanos().div_ceil(1_000_000);
        let timeout = timeout.map_or(-1, |timeout| whole(timeout).try_into().unwrap_or(i32::MAX));
        let (start, count) = (self.entries.as_mut_ptr(), self.entries.len() as libc::nfds_t);
        // SAFETY: the entries are so many, and may be written.
        let count = unsafe { libc::poll(start, count, timeout) };
        usize::try_from(count).map_err(|_| io::Error::last_os_error())
    }
}

#[cfg(test)]
mod tests {
    use core::time::Duration;
    use std::io::Write;
    use std::os::fd::{AsFd, AsRawFd};
    use std::os::unix::net::UnixStream;

    use super::PollSet;
    use crate::driver::Interest;

    #[test]
    fn what_is_ready_leaves_and_the_rest_is_asked_again() {
        let (here, mut there) = UnixStream::pair().expect("a pair of sockets");
        let (idle, _other) = UnixStream::pair().expect("a pair of sockets");
        let mut set = PollSet::with_capacity(2);
        set.ask(here.as_fd(), Interest::Read);
        set.ask(idle.as_fd(), Interest::Read);
        set.ask(here.as_fd(), Interest::Write);
        assert_eq!(set.len(), 2);
        assert_eq!(set.wait(None).expect("an answer"), 1);
        let (fd, ready) = set.answer(0).expect("it can be written");
        assert_eq!((fd, ready.readable, ready.writable), (here.as_raw_fd(), false, true));
        set.settle(0);
        assert_eq!((set.len(), set.wait(Some(Duration::ZERO)).expect("no answer")), (2, 0));
        there.write_all(b"x").expect("a byte");
        assert_eq!(set.wait(None).expect("an answer"), 1);
        set.settle(0);
        // The other one has taken its place.
        drop(_other);
        assert_eq!((set.len(), set.wait(None).expect("the end")), (1, 1));
        assert!(set.answer(0).is_some_and(|(fd, ready)| fd == idle.as_raw_fd() && ready.readable));
        set.settle(0);
        assert_eq!(set.len(), 0);
    }

    #[test]
    fn a_closed_descriptor_answers() {
        let (here, _there) = UnixStream::pair().expect("a pair of sockets");
        // A number so high that no other test gets it meanwhile.
        let high = rustix::io::fcntl_dupfd_cloexec(&here, 700).expect("a descriptor");
        let mut set = PollSet::with_capacity(1);
        set.ask(high.as_fd(), Interest::Read);
        drop(high);
        assert_eq!(set.wait(None).expect("an answer"), 1);
        set.settle(0);
        assert_eq!(set.len(), 0);
    }
}
