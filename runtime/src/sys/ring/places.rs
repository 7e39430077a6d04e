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
    lone: Cell<Lone>,
}

/// What is known of the only completion of a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lone {
    /// There were several, or it was made use of.
    No,
    /// An entry that is queued now would be the only one when the kernel is entered, as far as is known.
    Found,
    /// It was answered.
    Answered,
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
        Places { free, count, lone: Cell::new(Lone::No) }
    }

    /// No places, for ever.
    pub(crate) fn none() -> Self {
        // SAFETY: none of these places is ever looked at, as the stretch is not extended.
        let free = unsafe { Stretch::new(core::ptr::dangling_mut(), 0) };
        Places { free, count: 0, lone: Cell::new(Lone::No) }
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
        self.lone.get() == Lone::Found && {
            self.lone.set(Lone::Answered);
            true
        }
    }

    /// Whether [`take_lone`](Self::take_lone) was true since the kernel was entered: what is read next is the
    /// answer to an answer, so it is not there yet. It is said once, too.
    #[inline(always)] // as `next`
    pub(crate) fn take_answered(&self) -> bool {
        self.lone.get() == Lone::Answered && {
            self.lone.set(Lone::No);
            true
        }
    }

    /// So many completions were found.
    pub(super) fn found(&self, completions: u32) {
        self.lone.set(if completions == 1 { Lone::Found } else { Lone::No });
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
        assert!(!places.take_answered(), "nothing was answered since");
        places.found(1);
        places.found(0);
        assert!(!places.take_lone());
    }

    #[test]
    fn one_wait_for_each_answer_that_goes_alone() {
        let places = Places::none();
        assert!(!places.take_answered(), "nothing was found yet");
        places.found(1);
        assert!(!places.take_answered(), "it was not answered yet");
        assert!(places.take_lone());
        assert!(places.take_answered());
        assert!(!places.take_answered(), "it was taken");
        assert!(!places.take_lone(), "it was answered");
    }
}
