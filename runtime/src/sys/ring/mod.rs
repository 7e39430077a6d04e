//! An io_uring.
//!
//! ```text
//!   push ──▶ │ submission queue │ ──▶ enter ──▶ kernel ──▶ │ completion queue │ ──▶ next
//! ```
//!
//! The tail of the submission queue is kept here and published by `enter`, as the kernel reads it
//! only then. The kernel's head is looked at when a [`Stretch`] of places ends.

mod entry;
mod features;
mod memory;
mod places;
mod setup;
mod stretch;

use core::cell::{Cell, RefCell};
use core::sync::atomic::Ordering::*;
use core::time::Duration;
use std::io;
use std::os::fd::OwnedFd;
use std::rc::Rc;

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
pub(crate) use places::{NextPlace, Places};

/// The option of [`Code::Sync`] that leaves out what readers do not need.
pub(crate) const SYNC_ONLY_DATA: u32 = rustix::io_uring::IoringFsyncFlags::DATASYNC.bits();
use crate::sys::pages;
use crate::sys::spin::Spin;
use memory::Queues;
use stretch::Stretch;

/// The operations that read and write open files.
const FILES: [Code; 4] = [Code::Read, Code::ReadVectored, Code::Write, Code::WriteVectored];

/// A submission queue and a completion queue.
pub(crate) struct Ring {
    /// Dropped before the descriptor is closed.
    queues: Queues,
    ring: OwnedFd,
    /// Where the next entries go. None while entries wait in the backlog.
    places: Rc<Places>,
    /// The next completions. The kernel is told how far this is when it is entered.
    completions: Stretch<Completed>,
    /// Where the completions end that the last `enter` has found. Those that come meanwhile are left
    /// for the next one, so that whoever takes completions is done at some time.
    until: Cell<u32>,
    /// How many completions that were.
    found: Cell<u32>,
    spin: Spin,
    /// Entries that found the submission queue full, in order.
    backlog: RefCell<Vec<Entry>>,
    mode: &'static str,
    /// The codes of the operations that the kernel has, a bit for each.
    operations: Cell<u128>,
}

impl Ring {
    /// A ring with room for `entries` submissions, used by the calling thread only. If memory is fixed
    /// there is room for what the kernel does not take at once.
    pub(crate) fn new(
        entries: u32,
        is_fixed: bool,
        spins: bool,
        without: Without,
    ) -> io::Result<Self> {
        let (ring, parameters, mode) = setup::set_up(entries, without.flags)?;
        let queues = Queues::map(&ring, &parameters)?;
        let operations = Cell::new(setup::operations_of(&ring) & !without.operations);
        // SAFETY: the queue has these places, none of which the kernel reads yet.
        let places = unsafe { Places::new(queues.entries, queues.submission_mask) };
        // SAFETY: the queue has these places, and is dropped with this: `RingMapped`.
        let completions = unsafe { Stretch::new(queues.completions, queues.completion_mask) };
        let until = Cell::new(0);
        let room = if is_fixed { queues.completion_mask as usize + 1 } else { 0 };
        let mut backlog = Vec::with_capacity(room);
        pages::claim(backlog.spare_capacity_mut());
        let backlog = RefCell::new(backlog);
        Ok(Ring {
            queues,
            ring,
            places: Rc::new(places),
            completions,
            until,
            found: Cell::new(0),
            spin: Spin::new(spins),
            backlog,
            mode,
            operations,
        })
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

    /// Where the next entries go.
    pub(crate) const fn places(&self) -> &Rc<Places> {
        &self.places
    }

    /// Queues an entry; it reaches the kernel with the next [`enter`](Self::enter) at the latest.
    ///
    /// # Safety
    ///
    /// * The memory that the entry names keeps `KernelOwnsBuffer`.
    #[inline(always)] // so that the entry is written into the queue, and not copied
    pub(crate) unsafe fn push(&self, entry: Entry) {
        match self.places.next() {
            // SAFETY: by this function's contract, and as it was looked up just now.
            Some(place) => unsafe { self.places.put(place, entry) },
            // SAFETY: by this function's contract.
            None => unsafe { self.push_late(entry) },
        }
    }

    /// Queues an entry where no place is known for it.
    ///
    /// # Safety
    ///
    /// * The memory that the entry names keeps `KernelOwnsBuffer`.
    #[cold]
    #[inline(never)]
    unsafe fn push_late(&self, entry: Entry) {
        if self.backlog.borrow().is_empty()
            && let Some(place) = self.find_place()
        {
            // SAFETY: by this function's contract, and as it was looked up just now.
            unsafe { self.places.put(place, entry) };
            return;
        }
        self.backlog.borrow_mut().push(entry);
        self.flush_backlog();
    }

    /// The next place, if the kernel has taken what was there.
    fn find_place(&self) -> Option<NextPlace> {
        self.update_places();
        self.places.next()
    }

    /// Looks at what the kernel has taken.
    fn update_places(&self) {
        // ORDERING: pairs with the kernel, which has read the entries before its head.
        let head = self.queues.submission_head.load(Acquire);
        // SAFETY: the kernel has taken what is before its head.
        unsafe { self.places.free_before(head) };
    }

    /// Submits until there is room for entries that waited.
    fn flush_backlog(&self) {
        let mut backlog = self.backlog.borrow_mut();
        let mut taken = 0;
        while taken < backlog.len() {
            // An error leaves the entries where they are; the next turn reports it.
            let submit = || self.submit().ok().and_then(|_| self.find_place());
            let Some(place) = self.find_place().or_else(submit) else { break };
            // SAFETY: it was looked up just now, and `KernelOwnsBuffer` was promised when the entry came.
            unsafe { self.places.put(place, backlog[taken]) };
            taken += 1;
        }
        backlog.drain(..taken);
    }

    /// The number of entries that the kernel has not taken. It can see them afterwards.
    fn publish(&self) -> u32 {
        // ORDERING: pairs with the kernel: the entries were written before.
        let tail = self.places.tail();
        self.queues.submission_tail.store(tail, Release);
        tail.wrapping_sub(self.queues.submission_head.load(Relaxed))
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
        let head = self.completions.number();
        // ORDERING: pairs with the kernel: the completions were read before.
        self.queues.completion_head.store(head, Release);
        let has_completions = head != self.queues.completion_tail.load(Relaxed);
        let timeout = if has_completions { Some(Duration::ZERO) } else { timeout };
        let entered = self.wait_awake(timeout).and_then(|timeout| self.enter_if_needed(timeout));
        // ORDERING: pairs with the kernel: it has written the completions before its tail.
        self.until.set(self.queues.completion_tail.load(Acquire));
        self.completions.extend(self.until.get());
        self.found.set(self.until.get().wrapping_sub(head));
        self.places.found(self.found.get());
        match entered {
            Ok(()) => Ok(()),
            // The timeout passed, a signal came, or the kernel wants completions taken first.
            Err(Errno::TIME | Errno::INTR | Errno::BUSY | Errno::AGAIN) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Spends a wait awake if that costs less than to sleep; gives what is left of the timeout. Only a wait after
    /// a completion that came alone may be short, and not filled by others.
    fn wait_awake(&self, timeout: Option<Duration>) -> rustix::io::Result<Option<Duration>> {
        if self.found.get() != 1 || !self.backlog.borrow().is_empty() {
            return Ok(timeout);
        }
        self.spin.wait(timeout, self.completions.number(), || self.look())
    }

    /// Whether there are new completions. The kernel is entered if it has something to take or to bring.
    fn look(&self) -> rustix::io::Result<bool> {
        if self.publish() != 0 || self.has_deferred() {
            self.submit()?;
        }
        // Whoever takes them orders that.
        Ok(self.completions.number() != self.queues.completion_tail.load(Relaxed))
    }

    fn enter_if_needed(&self, timeout: Option<Duration>) -> rustix::io::Result<()> {
        if !self.backlog.borrow().is_empty() {
            self.flush_backlog();
        }
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
            self.update_places();
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

    /// The next one of the completions that the last [`enter`](Self::enter) has found.
    #[inline(always)] // for few callers
    pub(crate) fn peek(&self) -> Option<Completed> {
        if self.completions.is_empty()
            && (self.completions.ends_at(self.until.get()) || !self.go_round())
        {
            return None;
        }
        let place = self.completions.next();
        // SAFETY: it is in the queue: `StretchInQueue`; the kernel has written it, and keeps it until the head
        // that it knows passes.
        Some(unsafe { place.read() })
    }

    /// Whether there are completions at the beginning of the queue, behind those at its end.
    #[cold]
    #[inline(never)]
    fn go_round(&self) -> bool {
        self.completions.extend(self.until.get())
    }

    /// Passes the completion that [`peek`](Self::peek) has given.
    #[inline]
    pub(crate) fn skip(&self) {
        self.completions.pass();
    }
}

impl core::fmt::Debug for Ring {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Ring").field("mode", &self.mode).finish_non_exhaustive()
    }
}
