//! A pipe whose both ends are the event's.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::io::{Errno, read, write};

use crate::sys::pipe::pipe;

/// A pipe: its reading end is readable while the event is signaled.
#[derive(Debug)]
pub(crate) struct Event {
    reader: OwnedFd,
    writer: OwnedFd,
}

impl Event {
    /// An event that is not signaled.
    pub(crate) fn new() -> io::Result<Self> {
        let (reader, writer) = pipe()?;
        Ok(Event { reader, writer })
    }

    /// Signals the event.
    pub(crate) fn signal(&self) {
        // A full pipe means that the event is signaled; nothing else can go wrong.
        while let Err(Errno::INTR) = write(&self.writer, &[1]) {}
    }

    /// Takes all signals back.
    pub(crate) fn clear(&self) {
        let mut bytes = [0; 64];
        // As many bytes as there was room for: there may be more.
        while matches!(read(&self.reader, &mut bytes), Err(Errno::INTR) | Ok(64)) {}
    }
}

impl AsFd for Event {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.reader.as_fd()
    }
}

#[cfg(test)]
mod tests {
    use std::os::fd::AsFd;

    use super::Event;
    use crate::sys::poll::is_ready;

    #[test]
    fn it_is_readable_while_it_is_signaled() {
        let event = Event::new().expect("a pipe");
        let is_signaled = || is_ready(event.as_fd(), false).is_ok();
        assert!(!is_signaled());
        for count in [1, 2, 64, 128, 100_000] {
            (0..count).for_each(|_| event.signal());
            assert!(is_signaled(), "{count}");
            event.clear();
            assert!(!is_signaled(), "{count}");
        }
    }
}
