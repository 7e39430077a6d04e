//! The next places of a queue, in one piece.
//!
//! ```text
//!   start of the queue        next            end                    its last place
//!   │                          │               │                          │
//!   ▼                          ▼               ▼                          ▼
//!   ┌──────────────────────────┬───────────────┬──────────────────────────┐
//!   │                          │    stretch    │                          │
//!   └──────────────────────────┴───────────────┴──────────────────────────┘
//! ```
//!
//! Places have numbers that go round after 2³², and the low bits of a number tell where the place is. A
//! stretch ends where the queue does at the latest. So to take the next place is one comparison, and no mask.
//!
//! # Invariants
//!
//! * `StretchInQueue`: the places from `next` up to `end` lie in the queue in this order, and their numbers
//!   end before `end_number`. Established by [`extend`](Stretch::extend).

use core::cell::Cell;

/// The next places of a queue of `T`, in one piece.
#[derive(Debug)]
pub(super) struct Stretch<T> {
    next: Cell<*mut T>,
    end: Cell<*mut T>,
    /// The number of the place that follows.
    end_number: Cell<u32>,
    /// The queue, and the number of its places, a power of two, less one.
    queue: *mut T,
    mask: u32,
}

impl<T> Stretch<T> {
    /// No places, of which the first has the number 0.
    ///
    /// # Safety
    ///
    /// * The queue has `mask + 1` places, a power of two, as long as this is used.
    pub(super) unsafe fn new(queue: *mut T, mask: u32) -> Self {
        let (next, end) = (Cell::new(queue), Cell::new(queue));
        Stretch { next, end, end_number: Cell::new(0), queue, mask }
    }

    /// Whether it ends before the place with this number.
    #[inline(always)] // as `is_empty`
    pub(super) fn ends_at(&self, number: u32) -> bool {
        self.end_number.get() == number
    }

    /// Whether no place is left.
    #[inline(always)] // it is one comparison
    pub(super) fn is_empty(&self) -> bool {
        self.next.get() == self.end.get()
    }

    /// The next place, if one is left.
    #[inline(always)] // as `is_empty`
    pub(super) fn next(&self) -> *mut T {
        self.next.get()
    }

    /// The next place has been used. There was one.
    #[inline(always)] // as `is_empty`
    pub(super) fn pass(&self) {
        debug_assert!(!self.is_empty());
        self.next.set(self.next.get().wrapping_add(1));
    }

    /// The number of the next place.
    #[inline]
    pub(super) fn number(&self) -> u32 {
        let left = (self.end.get().addr() - self.next.get().addr()) / size_of::<T>();
        self.end_number.get().wrapping_sub(left as u32)
    }

    /// Goes on up to the place with the number `until`, or up to the end of the queue. True: there are places.
    ///
    /// It does not go back: `until` is at most a queue away from the next place.
    #[inline]
    pub(super) fn extend(&self, until: u32) -> bool {
        let number = self.number();
        let index = number & self.mask;
        let count = until.wrapping_sub(number).min(self.mask + 1 - index);
        let next = self.queue.wrapping_add(index as usize);
        self.next.set(next);
        self.end.set(next.wrapping_add(count as usize));
        self.end_number.set(number.wrapping_add(count));
        count != 0
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::Stretch;

    /// Takes all that is left, and gives where that was.
    fn take(stretch: &Stretch<u64>, queue: *const u64) -> Vec<usize> {
        let mut places = Vec::new();
        while !stretch.is_empty() {
            places.push((stretch.next().addr() - queue.addr()) / size_of::<u64>());
            stretch.pass();
        }
        places
    }

    #[test]
    fn a_stretch_ends_with_the_queue() {
        let mut memory = [0_u64; 4];
        let queue = memory.as_mut_ptr();
        // SAFETY: it has four places.
        let stretch = unsafe { Stretch::new(queue, 3) };
        assert!(stretch.is_empty() && !stretch.extend(0));
        assert!(stretch.extend(3));
        assert_eq!(take(&stretch, queue), [0, 1, 2]);
        assert_eq!(stretch.number(), 3);
        assert!(stretch.extend(6), "the last place of the queue");
        assert_eq!(take(&stretch, queue), [3]);
        assert!(stretch.extend(6), "from the beginning again");
        assert_eq!(take(&stretch, queue), [0, 1]);
        assert!(!stretch.extend(6));
        assert_eq!(stretch.number(), 6);
    }

    #[test]
    fn what_is_left_is_kept() {
        let mut memory = [0_u64; 4];
        let queue = memory.as_mut_ptr();
        // SAFETY: it has four places.
        let stretch = unsafe { Stretch::new(queue, 3) };
        stretch.extend(2);
        stretch.pass();
        stretch.extend(4);
        assert_eq!(stretch.number(), 1);
        assert_eq!(take(&stretch, queue), [1, 2, 3]);
    }

    #[test]
    fn numbers_go_round() {
        let mut memory = [0_u64; 4];
        let queue = memory.as_mut_ptr();
        // SAFETY: it has four places.
        let stretch = unsafe { Stretch::new(queue, 3) };
        stretch.end_number.set(u32::MAX - 1);
        assert!(stretch.extend(1));
        assert_eq!(take(&stretch, queue), [2, 3]);
        assert_eq!(stretch.number(), 0);
        assert!(stretch.extend(1));
        assert_eq!(take(&stretch, queue), [0]);
    }
}
