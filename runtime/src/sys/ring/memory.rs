//! The queues that are shared with the kernel.
//!
//! # Invariants
//!
//! * `RingMapped`: the pointers of a [`Queues`] lie in its mappings, at the places that the kernel
//!   named, and the mappings live as long as it.

use core::ffi::c_void;
use core::ptr;
use core::sync::atomic::{AtomicU32, Ordering::*};
use std::io;
use std::os::fd::AsFd;

use rustix::io_uring::{IORING_OFF_SQ_RING, IORING_OFF_SQES, io_uring_params};
use rustix::mm::{Advice, MapFlags, ProtFlags, madvise, mmap, munmap};

use super::entry::Place;

/// A completion, as the kernel writes it.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct Completed {
    pub(crate) user_data: u64,
    pub(crate) result: i32,
    pub(crate) flags: u32,
}

/// Another completion of the same entry will follow.
const MORE: u32 = 1 << 1;
/// It says that the kernel needs the memory no more; the result came before.
const NOTIFICATION: u32 = 1 << 3;

impl Completed {
    /// Whether another completion of the same entry will follow.
    pub(crate) const fn is_first(&self) -> bool {
        self.flags & MORE != 0
    }

    /// Whether it only says that the kernel needs the memory no more.
    pub(crate) const fn is_notification(&self) -> bool {
        self.flags & NOTIFICATION != 0
    }
}

/// The memory of a ring.
#[derive(Debug)]
pub(super) struct Queues {
    pub(super) submission_head: Word,
    pub(super) submission_tail: Word,
    pub(super) submission_flags: Word,
    pub(super) entries: *mut Place,
    pub(super) completion_head: Word,
    pub(super) completion_tail: Word,
    pub(super) completions: *mut Completed,
    /// The numbers of entries, which are powers of two, less one.
    pub(super) submission_mask: u32,
    pub(super) completion_mask: u32,
    _rings: Mapping,
    _entries: Mapping,
}

/// A number that the kernel reads or writes, in a mapping of the [`Queues`] that this is a part of.
#[derive(Debug)]
pub(super) struct Word(*const AtomicU32);

impl core::ops::Deref for Word {
    type Target = AtomicU32;

    #[inline]
    fn deref(&self) -> &AtomicU32 {
        // SAFETY: it lies in a mapping that lives as long as this: `RingMapped`.
        unsafe { &*self.0 }
    }
}

impl Queues {
    /// Maps the queues of the ring that was set up with these parameters.
    pub(super) fn map(ring: impl AsFd, parameters: &io_uring_params) -> io::Result<Self> {
        let (submission, completion) = (parameters.sq_off, parameters.cq_off);
        let (sq_entries, cq_entries) = (parameters.sq_entries, parameters.cq_entries);
        let submission_end = submission.array as usize + sq_entries as usize * size_of::<u32>();
        let completion_end =
            completion.cqes as usize + cq_entries as usize * size_of::<Completed>();
        let rings = Mapping::new(&ring, submission_end.max(completion_end), IORING_OFF_SQ_RING)?;
        let bytes = sq_entries as usize * size_of::<Place>();
        let entries = Mapping::new(&ring, bytes, IORING_OFF_SQES)?;
        let queues = Queues {
            submission_head: Word(rings.at(submission.head)),
            submission_tail: Word(rings.at(submission.tail)),
            submission_flags: Word(rings.at(submission.flags)),
            entries: entries.at::<Place>(0).cast_mut(),
            completion_head: Word(rings.at(completion.head)),
            completion_tail: Word(rings.at(completion.tail)),
            completions: rings.at::<Completed>(completion.cqes).cast_mut(),
            submission_mask: sq_entries - 1,
            completion_mask: cq_entries - 1,
            _entries: entries,
            _rings: rings,
        };
        let order = queues._rings.at::<u32>(submission.array).cast_mut();
        for index in 0..sq_entries {
            // SAFETY: the array has a place for each entry, and lies in the mapping: `RingMapped`.
            let place = unsafe { order.add(index as usize) };
            // SAFETY: the kernel does not read the place yet.
            unsafe { place.write(index) };
        }
        Ok(queues)
    }
}

/// How often memory was unmapped.
///
/// What was done in memory that is unmapped happens before what is done in memory that is mapped at the same
/// address later, on whatever thread. The system sees to that; a tool that looks for races sees it by this.
static UNMAPPED: AtomicU32 = AtomicU32::new(0);

/// Mapped memory, until dropped.
#[derive(Debug)]
struct Mapping {
    start: *mut c_void,
    len: usize,
}

impl Mapping {
    fn new(ring: impl AsFd, len: usize, offset: u64) -> io::Result<Self> {
        let protection = ProtFlags::READ | ProtFlags::WRITE;
        let flags = MapFlags::SHARED | MapFlags::POPULATE;
        // SAFETY: the kernel chooses an address where nothing is.
        let start = unsafe { mmap(ptr::null_mut(), len, protection, flags, ring, offset) }?;
        // ORDERING: pairs with `drop`, see `UNMAPPED`.
        UNMAPPED.load(Acquire);
        let mapping = Mapping { start, len };
        // SAFETY: a child process, which could not use the ring, does not get the memory.
        unsafe { madvise(mapping.start, mapping.len, Advice::LinuxDontFork) }?;
        Ok(mapping)
    }

    fn at<T>(&self, offset: u32) -> *const T {
        debug_assert!((offset as usize) < self.len);
        self.start.cast_const().wrapping_byte_add(offset as usize).cast()
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // ORDERING: pairs with `new`, see `UNMAPPED`.
        UNMAPPED.fetch_add(1, Release);
        // SAFETY: it was mapped with this length, and what points into it is dropped with it.
        let unmapped = unsafe { munmap(self.start, self.len) };
        debug_assert!(unmapped.is_ok());
    }
}
