//! Buffers that the kernel takes by itself when something arrives.
//!
//! # Invariants
//!
//! * `BuffersStay`: the buffers and the ring of their descriptions are never freed.

use std::alloc::{Layout, alloc_zeroed};
use std::io::{self, ErrorKind};
use std::sync::atomic::{AtomicU16, Ordering::Release};

use io_uring::Submitter;
use io_uring::types::BufRingEntry;

use super::super::BUFFER;

/// The number of the group.
pub(super) const GROUP: u16 = 0;

/// The number under which the buffers are registered for files.
pub(super) const REGISTERED: u16 = 0;

/// What the ring of descriptions is aligned to.
const PAGE: usize = 4096;

/// A group of buffers, and the ring in which they are given to the kernel.
pub(super) struct Buffers {
    entries: *mut BufRingEntry,
    bytes: *mut u8,
    count: u16,
    tail: u16,
}

impl Buffers {
    /// Makes so many buffers, a power of two, and gives all of them to the kernel.
    pub(super) fn new(submitter: &Submitter<'_>, count: u16) -> io::Result<Self> {
        let size = usize::from(count) * size_of::<BufRingEntry>();
        let layout = Layout::from_size_align(size, PAGE).map_err(io::Error::other)?;
        // SAFETY: the size is not zero.
        let entries = unsafe { alloc_zeroed(layout) }.cast::<BufRingEntry>();
        if entries.is_null() {
            return Err(ErrorKind::OutOfMemory.into());
        }
        let bytes = vec![0_u8; usize::from(count) * BUFFER].leak().as_mut_ptr();
        let address = entries as u64;
        // SAFETY: the ring is so long, aligned to a page, and stays: `BuffersStay`.
        unsafe { submitter.register_buf_ring_with_flags(address, count, GROUP, 0) }?;
        let mut buffers = Buffers { entries, bytes, count, tail: 0 };
        (0..count).for_each(|buffer| buffers.give(buffer));
        buffers.publish();
        Ok(buffers)
    }

    /// Makes so many buffers, which the kernel does not know.
    pub(super) fn unregistered(count: u16) -> Self {
        let bytes = vec![0_u8; usize::from(count) * BUFFER].leak().as_mut_ptr();
        Buffers { entries: std::ptr::null_mut(), bytes, count, tail: 0 }
    }

    /// Registers the memory of the buffers, so that files are read into it without a look-up.
    pub(super) fn register(&self, submitter: &Submitter<'_>) -> io::Result<()> {
        let iov_len = usize::from(self.count) * BUFFER;
        let all = libc::iovec { iov_base: self.bytes.cast(), iov_len };
        // SAFETY: the memory stays: `BuffersStay`.
        unsafe { submitter.register_buffers(&[all]) }
    }

    /// Where a buffer begins.
    pub(super) fn start(&self, buffer: u16) -> *mut u8 {
        assert!(buffer < self.count);
        // SAFETY: there are so many buffers.
        unsafe { self.bytes.add(usize::from(buffer) * BUFFER) }
    }

    /// The beginning of what is in a buffer.
    pub(super) fn number(&self, buffer: u16) -> [u8; 8] {
        // SAFETY: a buffer is longer than that, and the kernel does not have it now.
        unsafe { self.start(buffer).cast::<[u8; 8]>().read() }
    }

    /// Gives a buffer to the kernel, which knows the buffers, with the next [`publish`](Self::publish).
    pub(super) fn give(&mut self, buffer: u16) {
        assert!(!self.entries.is_null());
        let start = self.start(buffer);
        let place = usize::from(self.tail & (self.count - 1));
        // SAFETY: the place is inside the ring, and the kernel reads it after `publish` only.
        let entry = unsafe { &mut *self.entries.add(place) };
        entry.set_addr(start as u64);
        entry.set_len(BUFFER as u32);
        entry.set_bid(buffer);
        self.tail = self.tail.wrapping_add(1);
    }

    /// Lets the kernel see what was given.
    pub(super) fn publish(&self) {
        assert!(!self.entries.is_null());
        // SAFETY: this is the start of the ring.
        let tail = unsafe { BufRingEntry::tail(self.entries) };
        // SAFETY: the place is valid, and is read and written as an atomic by both sides.
        let tail = unsafe { AtomicU16::from_ptr(tail.cast_mut()) };
        // ORDERING: pairs with the kernel's load of the tail, after which it reads entries.
        tail.store(self.tail, Release);
    }
}
