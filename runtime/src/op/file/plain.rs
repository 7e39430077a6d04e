//! Operations on a file that name no memory.

use std::fs;
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::Arc;

use crate::driver::Interest;
use crate::op::{Direct, Flight, Home, Operation, Ticket};

/// What the kernel is asked for, if the operation lies in the slot of its task.
#[derive(Debug)]
pub(super) struct Plain<'a, const RESIZES: bool> {
    flight: Flight<'a>,
    pub(super) file: &'a Arc<fs::File>,
    /// The flags of a sync.
    options: u32,
    /// The new length.
    len: u64,
}

impl<'a> Plain<'a, false> {
    pub(super) const fn sync(file: &'a Arc<fs::File>, options: u32) -> Self {
        Plain { flight: Flight::new(), file, options, len: 0 }
    }
}

impl<'a> Plain<'a, true> {
    pub(super) const fn resize(file: &'a Arc<fs::File>, len: u64) -> Self {
        Plain { flight: Flight::new(), file, options: 0, len }
    }
}

impl<const RESIZES: bool> Operation for Plain<'_, RESIZES> {
    const INTEREST: Interest = Interest::Write;

    fn ticket(&self) -> &Ticket {
        &self.flight.ticket
    }

    fn descriptor(&self) -> BorrowedFd<'_> {
        self.file.as_fd()
    }

    fn is_in(&self, _home: Home) -> bool {
        true // There is no memory.
    }

    #[cfg(target_os = "linux")]
    fn prepare(&mut self) -> crate::sys::ring::Entry {
        use crate::sys::ring::{Code, Entry};
        use std::os::fd::AsRawFd;
        let code = if RESIZES { Code::Truncate } else { Code::Sync };
        Entry::new(code, self.file.as_raw_fd()).offset(self.len).options(self.options)
    }

    fn attempt(&mut self) -> io::Result<usize> {
        unreachable!("the kernel or a thread does it")
    }
}

impl<const RESIZES: bool> Direct for Plain<'_, RESIZES> {
    #[cfg(target_os = "linux")]
    const CODE: u8 = {
        use crate::sys::ring::Code;
        if RESIZES { Code::Truncate as u8 } else { Code::Sync as u8 }
    };
}
