//! The work on a copy, for a file whose operation the kernel cannot do in the frame.
//!
//! ```text
//!            begin                      done, end
//!   idle ───────────▶ in use, by its Copied ────────▶ idle
//!     ▲                       │ the operation is dropped
//!     │ made if none is idle  ▼
//!                     kept by who works on it, then freed
//! ```
//!
//! Those that are idle are kept by the core, with their buffers, so that operations one after the other
//! allocate nothing.

use core::cell::{Cell, RefCell};
use core::task::{Context, Poll, ready};
use std::fs;
use std::io;
use std::sync::Arc;

use super::COPY_MAX;
use crate::blocking::{Unit, Work, cancel, hand_over};
use crate::driver::Index;
use crate::scheduler::{self, RuntimeId};
use crate::sys::file;

/// How many bytes of buffers are kept for the next operations.
const IDLE_BYTES: usize = 4 << 20;
/// How many units are.
const IDLE_MAX: usize = 1024;

/// A read or a write of a file, into or from memory of its own.
#[derive(Debug, Default)]
pub(crate) struct Transfer {
    /// None while nobody works on it.
    file: Option<Arc<fs::File>>,
    buffer: Vec<u8>,
    /// How many bytes of the buffer are used.
    len: usize,
    offset: u64,
    is_write: bool,
}

impl Transfer {
    /// Becomes a read of at most so many bytes.
    pub(super) fn set_read(&mut self, file: &Arc<fs::File>, len: usize, offset: u64) {
        self.set(file, len, offset, false);
    }

    /// Becomes a write of at most so many bytes, and gives the place for them.
    pub(super) fn set_write(&mut self, file: &Arc<fs::File>, len: usize, offset: u64) -> &mut [u8] {
        self.set(file, len, offset, true);
        &mut self.buffer[..self.len]
    }

    fn set(&mut self, file: &Arc<fs::File>, len: usize, offset: u64, is_write: bool) {
        let len = len.min(COPY_MAX);
        if self.buffer.len() < len {
            self.buffer.resize(len, 0);
        }
        *self = Transfer {
            file: Some(Arc::clone(file)),
            buffer: core::mem::take(&mut self.buffer),
            len,
            offset,
            is_write,
        };
    }

    /// The first of the bytes that were read.
    pub(super) fn bytes(&self, count: usize) -> &[u8] {
        &self.buffer[..count]
    }
}

impl Work for Transfer {
    fn run(&mut self) -> io::Result<usize> {
        let Some(file) = &self.file else { return Ok(0) };
        let bytes = &mut self.buffer[..self.len];
        if self.is_write {
            file::write(file, bytes, self.offset)
        } else {
            file::read(file, bytes, self.offset)
        }
    }

    #[cfg(target_os = "linux")]
    fn entry(&mut self) -> Option<crate::sys::ring::Entry> {
        use crate::sys::ring::{Code, Entry};
        use std::os::fd::AsRawFd;
        let code = if self.is_write { Code::Write } else { Code::Read };
        let entry = Entry::new(code, self.file.as_ref()?.as_raw_fd());
        Some(entry.memory(self.buffer.as_mut_ptr(), self.len as u32).offset(self.offset))
    }
}

/// A transfer that somebody works on, or nobody.
#[derive(Debug)]
pub(crate) struct Transferring {
    unit: Arc<Unit<Transfer>>,
    /// What the kernel knows it by.
    record: Option<(RuntimeId, Index)>,
    /// How many bytes its buffer has.
    bytes: usize,
}

impl Transferring {
    fn new() -> Self {
        Transferring { unit: Unit::new(Transfer::default()), record: None, bytes: 0 }
    }

    /// Begins a transfer, of which `set` says what it is.
    ///
    /// # Errors
    ///
    /// If this is no thread of a runtime, and if there is nobody to do it.
    pub(super) fn begin(set: impl FnOnce(&mut Transfer)) -> io::Result<Box<Self>> {
        scheduler::with(|core| {
            let core = core.ok_or_else(scheduler::outside)?;
            let idle = core.idle_transfers().take();
            let mut this = idle.unwrap_or_else(|| Box::new(Transferring::new()));
            let bytes = &mut this.bytes;
            let set = |transfer: &mut Transfer| {
                set(transfer);
                *bytes = transfer.buffer.len();
            };
            // SAFETY: nobody works on one that is idle.
            unsafe { this.unit.renew(set) };
            this.record = hand_over(core, &this.unit)?;
            Ok(this)
        })
    }

    /// Once the transfer is done: what `end` makes of the result.
    pub(super) fn poll(
        &mut self,
        context: &Context<'_>,
        end: impl FnOnce(io::Result<usize>, &Transfer) -> io::Result<usize>,
    ) -> Poll<io::Result<usize>> {
        let end = |result, transfer: &mut Transfer| {
            let result = end(result, transfer);
            // So that the file is closed as soon as nobody has it.
            transfer.file = None;
            result
        };
        let result = ready!(self.unit.poll(context, end));
        self.record = None;
        Poll::Ready(result)
    }

    /// Keeps one that has given its result for the next operation.
    pub(super) fn recycle(self: Box<Self>) {
        scheduler::with(|core| {
            if let Some(core) = core {
                core.idle_transfers().keep(self);
            }
        });
    }
}

impl Drop for Transferring {
    fn drop(&mut self) {
        if let Some(record) = self.record {
            cancel(&self.unit, record);
        }
    }
}

/// Transfers that nobody works on.
#[derive(Debug, Default)]
pub(crate) struct IdleTransfers {
    #[allow(clippy::vec_box, reason = "operations hold boxes, which are kept as well")]
    all: RefCell<Vec<Box<Transferring>>>,
    /// The bytes of their buffers.
    bytes: Cell<usize>,
}

impl IdleTransfers {
    /// The one that was used last, if there is any.
    fn take(&self) -> Option<Box<Transferring>> {
        let last = self.all.borrow_mut().pop()?;
        self.bytes.set(self.bytes.get() - last.bytes);
        Some(last)
    }

    /// Keeps one if there are not too many. It has given its result.
    fn keep(&self, transferring: Box<Transferring>) {
        let bytes = self.bytes.get() + transferring.bytes;
        let mut all = self.all.borrow_mut();
        if bytes <= IDLE_BYTES && all.len() < IDLE_MAX {
            self.bytes.set(bytes);
            all.push(transferring);
        }
    }
}
