//! The places of a submission queue that are free.

use core::cell::Cell;

use super::Entry;
use super::entry::Place;
use super::stretch::Stretch;

/// Where the next entries go: places of a submission queue whose entries the kernel has taken.
///
/// It may have none for the moment. What has no ring has [`Places::none`], so who looks for a place need not
/// ask whether there is a ring.
#[derive(Debug)]
pub(crate) struct Places {
    free: Stretch<Place>,
    count: u32,
    /// Whether an entry that is queued now would be the only one when the kernel is entered, as far as
    /// is known.
    is_lone: Cell<bool>,
}

/// Where the next entry goes.
#[derive(Debug)]
pub(crate) struct NextPlace(*mut Place);

impl Places {
    /// The places of a queue, all free.
    ///
    /// # Safety
    ///
    /// * The queue has `mask + 1` places, a power of two, and the kernel reads none of them yet.
    pub(super) unsafe fn new(queue: *mut Place, mask: u32) -> Self {
        // SAFETY: by this function's contract; the queue is written to by `put` only.
        let free = unsafe { Stretch::new(queue, mask) };
        let count = mask + 1;
        free.extend(count);
        Places { free, count, is_lone: Cell::new(false) }
    }

    /// No places, for ever.
    pub(crate) fn none() -> Self {
        // SAFETY: none of these places is ever looked at, as the stretch is not extended.
        let free = unsafe { Stretch::new(core::ptr::dangling_mut(), 0) };
        Places { free, count: 0, is_lone: Cell::new(false) }
    }

    /// The next place, if there is one.
    #[inline(always)] // it is one comparison
    pub(crate) fn next(&self) -> Option<NextPlace> {
        if self.free.is_empty() { None } else { Some(NextPlace(self.free.next())) }
    }

    /// Queues an entry.
    ///
    /// # Safety
    ///
    /// * The place was given by [`next`](Self::next), no other entry was queued since, and the ring exists.
    /// * The memory that the entry names keeps `KernelOwnsBuffer`.
    #[inline(always)] // so that the entry is written into the queue, and not copied
    pub(crate) unsafe fn put(&self, next: NextPlace, entry: Entry) {
        debug_assert_eq!(next.0, self.free.next());
        // SAFETY: an entry is the first part of its place, which is in the queue: `StretchInQueue`; the kernel
        // does not read it before the tail is published.
        unsafe { next.0.cast::<Entry>().write(entry) };
        self.free.pass();
    }

    /// Whether a call costs less than an entry, as the kernel would be entered for that entry alone. It
    /// is said once for each time that the kernel was entered, so that who makes calls does not go on for ever.
    #[inline(always)] // as `next`
    pub(crate) fn take_lone(&self) -> bool {
        self.is_lone.get() && self.is_lone.replace(false)
    }

    /// So many completions were found.
    pub(super) fn found(&self, completions: u32) {
        self.is_lone.set(completions == 1);
    }

    /// The number of the next entry.
    pub(super) fn tail(&self) -> u32 {
        self.free.number()
    }

    /// The kernel has taken the entries before this one.
    ///
    /// # Safety
    ///
    /// * It has.
    pub(super) unsafe fn free_before(&self, head: u32) {
        self.free.extend(head.wrapping_add(self.count));
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::Places;

    #[test]
    fn one_call_for_each_completion_that_comes_alone() {
        let places = Places::none();
        assert!(!places.take_lone(), "nothing was found yet");
        places.found(1);
        assert!(places.take_lone());
        assert!(!places.take_lone(), "it was taken");
        places.found(2);
        assert!(!places.take_lone());
        places.found(1);
        places.found(0);
        assert!(!places.take_lone());
    }
}
