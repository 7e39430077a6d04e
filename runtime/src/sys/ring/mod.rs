//! An io_uring.
//!
//! ```text
//!   push ──▶ │ submission queue │ ──▶ enter ──▶ kernel ──▶ │ completion queue │ ──▶ next
//! ```
//!
//! The tail of the submission queue is kept here and published by `enter`, as the kernel reads it
//! only then. The kernel's head is looked at when the queue seems to be full.

mod entry;
mod features;
mod memory;
mod setup;

use core::cell::{Cell, RefCell};
use core::sync::atomic::Ordering::*;
use core::time::Duration;
use std::io;
use std::os::fd::OwnedFd;

use rustix::io::Errno;
pub(crate) use rustix::io_uring::IoringOp;
use rustix::io_uring::{
    IoringEnterFlags, IoringSqFlags, io_uring_enter, io_uring_enter_arg, io_uring_getevents_arg,
    io_uring_ptr,
};
use rustix::time::Timespec;

pub(crate) use entry::{Code, Entry};
pub(crate) use features::Without;
pub(crate) use memory::Completed;

/// The option of [`Code::Sync`] that leaves out what readers do not need.
pub(crate) const SYNC_ONLY_DATA: u32 = rustix::io_uring::IoringFsyncFlags::DATASYNC.bits();
use entry::Place;
use memory::Queues;

/// The operations that read and write open files.
const FILES: [Code; 4] = [Code::Read, Code::ReadVectored, Code::Write, Code::WriteVectored];

/// A submission queue and a completion queue.
pub(crate) struct Ring {
    /// Dropped before the descriptor is closed.
    queues: Queues,
    ring: OwnedFd,
    /// The number of the next entry.
    tail: Cell<u32>,
    /// The tail at which there is no room, or may be none, or entries wait in the backlog.
    full_at: Cell<u32>,
    /// The number of the next completion. The kernel is told when it is entered.
    head: Cell<u32>,
    /// Where the completions end that the last `enter` has found. Those that come meanwhile are left
    /// for the next one, so that whoever takes completions is done at some time.
    until: Cell<u32>,
    /// Entries that found the submission queue full, in order.
    backlog: RefCell<Vec<Entry>>,
    mode: &'static str,
    /// The codes of the operations that the kernel has, a bit for each.
    operations: Cell<u128>,
}

/// Where the next entry goes, and the tail after it.
#[derive(Debug)]
pub(crate) struct NextPlace {
    place: *mut Place,
    tail: u32,
}

impl Ring {
    /// A ring with room for `entries` submissions, used by the calling thread only. If memory is fixed
    /// there is room for what the kernel does not take at once.
    pub(crate) fn new(entries: u32, is_fixed: bool, without: Without) -> io::Result<Self> {
        let (ring, parameters, mode) = setup::set_up(entries, without.flags)?;
        let queues = Queues::map(&ring, &parameters)?;
        let operations = Cell::new(setup::operations_of(&ring) & !without.operations);
        let full_at = Cell::new(queues.submission_mask + 1);
        let (tail, head, until) = (Cell::new(0), Cell::new(0), Cell::new(0));
        let room = if is_fixed { queues.completion_mask as usize + 1 } else { 0 };
        let backlog = RefCell::new(Vec::with_capacity(room));
        Ok(Ring { queues, ring, tail, full_at, head, until, backlog, mode, operations })
    }

    /// How the ring was set up.
    pub(crate) const fn mode(&self) -> &'static str {
        self.mode
    }

    /// Whether the kernel has the operation with this code.
    #[inline]
    pub(crate) const fn can_do(&self, code: u8) -> bool {
        code < 128 && self.operations.get() >> code & 1 == 1
    }

    /// Whether the kernel reads and writes open files in all ways.
    pub(crate) fn can_do_files(&self) -> bool {
        FILES.iter().all(|code| self.can_do(*code as u8))
    }

    /// Forgets that the kernel has operations that are not needed for sockets.
    pub(crate) fn restrict(&self) {
        self.operations.set(0);
    }

    /// Queues an entry; it reaches the kernel with the next [`enter`](Self::enter) at the latest.
    ///
    /// # Safety
    ///
    /// * The memory that the entry names keeps `KernelOwnsBuffer`.
    #[inline(always)] // so that the entry is written into the queue, and not copied
    pub(crate) unsafe fn push(&self, entry: Entry) {
        if self.has_room() {
            // SAFETY: there is room, and by this function's contract.
            unsafe { self.put(entry) };
        } else {
            // SAFETY: by this function's contract.
            unsafe { self.push_late(entry) };
        }
    }

    /// Whether the next entry finds room at once.
    #[inline(always)] // as `push`
    pub(crate) fn has_room(&self) -> bool {
        self.tail.get() != self.full_at.get()
    }

    /// Queues an entry that finds room.
    ///
    /// # Safety
    ///
    /// * There [`has_room`](Self::has_room): the kernel has taken the entry that is overwritten.
    /// * The memory that the entry names keeps `KernelOwnsBuffer`.
    #[inline(always)] // as `push`
    pub(crate) unsafe fn put(&self, entry: Entry) {
        // SAFETY: by this function's contract.
        unsafe { self.put_at(self.next_place(), entry) };
    }

    /// The place of the next entry, if that finds room at once.
    #[inline(always)] // as `push`
    pub(crate) fn place(&self) -> Option<NextPlace> {
        if self.has_room() { Some(self.next_place()) } else { None }
    }

    #[inline(always)] // as `push`
    fn next_place(&self) -> NextPlace {
        let (tail, mask) = (self.tail.get(), self.queues.submission_mask);
        // SAFETY: the index is masked, so it is in the queue: `RingMapped`.
        let place = unsafe { self.queues.entries.add((tail & mask) as usize) };
        NextPlace { place, tail: tail.wrapping_add(1) }
    }

    /// As [`put`](Self::put), at the place that was looked up.
    ///
    /// # Safety
    ///
    /// * As for `put`, and no other entry was queued since the place was looked up.
    #[inline(always)] // as `push`
    pub(crate) unsafe fn put_at(&self, next: NextPlace, entry: Entry) {
        debug_assert_eq!(next.tail, self.tail.get().wrapping_add(1));
        // SAFETY: an entry is the first part of its place, which the kernel does not read before the tail
        // is published.
        unsafe { next.place.cast::<Entry>().write(entry) };
        self.tail.set(next.tail);
    }

    /// Queues an entry that finds the submission queue full, as far as is known.
    ///
    /// # Safety
    ///
    /// * The memory that the entry names keeps `KernelOwnsBuffer`.
    #[cold]
    #[inline(never)]
    unsafe fn push_late(&self, entry: Entry) {
        self.backlog.borrow_mut().push(entry);
        self.flush_backlog();
    }

    /// The number of entries for which there is room.
    fn room(&self) -> u32 {
        // ORDERING: pairs with the kernel, which has read the entries before its head.
        let head = self.queues.submission_head.load(Acquire);
        self.queues.submission_mask + 1 - self.tail.get().wrapping_sub(head)
    }

    /// Submits until there is room for entries that waited.
    fn flush_backlog(&self) {
        let mut backlog = self.backlog.borrow_mut();
        let mut taken = 0;
        while taken < backlog.len() {
            // An error leaves the entries where they are; the next turn reports it.
            if self.room() == 0 && (self.submit().is_err() || self.room() == 0) {
                break;
            }
            // SAFETY: there is room, and `KernelOwnsBuffer` was promised when the entry came.
            unsafe { self.put(backlog[taken]) };
            taken += 1;
        }
        backlog.drain(..taken);
        let room = if backlog.is_empty() { self.room() } else { 0 };
        self.full_at.set(self.tail.get().wrapping_add(room));
    }

    /// The number of entries that the kernel has not taken. It can see them afterwards.
    fn publish(&self) -> u32 {
        // ORDERING: pairs with the kernel: the entries were written before.
        self.queues.submission_tail.store(self.tail.get(), Release);
        self.tail.get().wrapping_sub(self.queues.submission_head.load(Relaxed))
    }

    /// Gives the kernel what is queued, without waiting.
    fn submit(&self) -> rustix::io::Result<u32> {
        let count = self.publish();
        // SAFETY: the queues are valid, and what the entries name is: `KernelOwnsBuffer`.
        unsafe { io_uring_enter(&self.ring, count, 0, self.flags()) }
    }

    /// Whether the kernel must be entered for completions that are not in the queue yet.
    fn has_deferred(&self) -> bool {
        let flags = self.queues.submission_flags.load(Relaxed);
        let waits = IoringSqFlags::TASKRUN | IoringSqFlags::CQ_OVERFLOW;
        IoringSqFlags::from_bits_retain(flags).intersects(waits)
    }

    /// Entering with this also brings completions that the kernel has kept back.
    fn flags(&self) -> IoringEnterFlags {
        if self.has_deferred() { IoringEnterFlags::GETEVENTS } else { IoringEnterFlags::empty() }
    }

    /// Submits what is queued and waits for a completion: not at all with a timeout of zero, for
    /// ever with `None`. With a timeout of zero and nothing to submit it makes no system call.
    pub(crate) fn enter(&self, timeout: Option<Duration>) -> io::Result<()> {
        // ORDERING: pairs with the kernel: the completions were read before.
        self.queues.completion_head.store(self.head.get(), Release);
        let entered = self.enter_if_needed(timeout);
        // ORDERING: pairs with the kernel: it has written the completions before its tail.
        self.until.set(self.queues.completion_tail.load(Acquire));
        match entered {
            Ok(()) => Ok(()),
            // The timeout passed, a signal came, or the kernel wants completions taken first.
            Err(Errno::TIME | Errno::INTR | Errno::BUSY | Errno::AGAIN) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    fn enter_if_needed(&self, timeout: Option<Duration>) -> rustix::io::Result<()> {
        if !self.backlog.borrow().is_empty() {
            self.flush_backlog();
        }
        let timeout = if self.has_completions() { Some(Duration::ZERO) } else { timeout };
        let entered = match timeout {
            Some(Duration::ZERO) => {
                if self.publish() == 0 && !self.has_deferred() {
                    return Ok(());
                }
                self.submit()
            }
            Some(timeout) => self.submit_and_wait_for(timeout),
            None => self.submit_and_wait(),
        };
        if self.backlog.borrow().is_empty() {
            self.full_at.set(self.tail.get().wrapping_add(self.room()));
        }
        entered.map(drop)
    }

    fn submit_and_wait(&self) -> rustix::io::Result<u32> {
        let count = self.publish();
        // SAFETY: as in `submit`.
        unsafe { io_uring_enter(&self.ring, count, 1, IoringEnterFlags::GETEVENTS) }
    }

    fn submit_and_wait_for(&self, timeout: Duration) -> rustix::io::Result<u32> {
        let count = self.publish();
        let seconds = timeout.as_secs().try_into().unwrap_or(i64::MAX);
        let timeout = Timespec { tv_sec: seconds, tv_nsec: timeout.subsec_nanos().into() };
        let mut arguments = io_uring_getevents_arg::default();
        let time = &mut arguments.ts;
        *time = io_uring_ptr::new((&raw const timeout).cast_mut().cast());
        let flags = IoringEnterFlags::GETEVENTS | IoringEnterFlags::EXT_ARG;
        // SAFETY: as in `submit`; the timeout is valid during the call.
        unsafe { io_uring_enter_arg(&self.ring, count, 1, flags, Some(&arguments)) }
    }

    fn has_completions(&self) -> bool {
        // ORDERING: pairs with the kernel.
        self.head.get() != self.queues.completion_tail.load(Acquire)
    }

    /// The next one of the completions that the last [`enter`](Self::enter) has found.
    #[inline(always)] // for few callers
    pub(crate) fn peek(&self) -> Option<Completed> {
        if self.head.get() == self.until.get() {
            return None;
        }
        let index = self.head.get() & self.queues.completion_mask;
        // SAFETY: the index is masked, so it is in the queue: `RingMapped`.
        let place = unsafe { self.queues.completions.add(index as usize) };
        // SAFETY: the kernel has written it, and keeps it until the head that it knows passes.
        Some(unsafe { place.read() })
    }

    /// Passes the completion that [`peek`](Self::peek) has given.
    #[inline]
    pub(crate) fn skip(&self) {
        debug_assert_ne!(self.head, self.until);
        self.head.set(self.head.get().wrapping_add(1));
    }
}

impl core::fmt::Debug for Ring {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Ring").field("mode", &self.mode).finish_non_exhaustive()
    }
}
