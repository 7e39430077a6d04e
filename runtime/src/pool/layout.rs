//! The shape of a slot.

use std::alloc::Layout;

use crate::task::PAYLOAD_OFFSET;

/// The alignment every slot has at least; frames with more need a pool of their own.
pub(crate) const SLOT_ALIGN: usize = 16;

/// The smallest payload: the outcome of a task with a small frame finds room in it.
pub(crate) const PAYLOAD_MIN: usize = 32;

/// The shape of the slots of one pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SlotLayout {
    /// Bytes for the frame and for the outcome.
    payload: usize,
    /// The alignment of the payload.
    align: usize,
}

impl SlotLayout {
    /// Slots for frames of `size` bytes.
    pub(crate) const fn new(size: usize, align: usize) -> Self {
        let align = if align > SLOT_ALIGN { align } else { SLOT_ALIGN };
        let size = if size > PAYLOAD_MIN { size } else { PAYLOAD_MIN };
        SlotLayout { payload: size, align }
    }

    /// Bytes for the frame and for the outcome.
    pub(crate) const fn payload(self) -> usize {
        self.payload
    }

    /// Bytes from one slot to the next, `None` if that is more than an address can hold.
    pub(crate) const fn stride(self) -> Option<usize> {
        match self.payload.checked_add(PAYLOAD_OFFSET) {
            Some(bytes) => bytes.checked_next_multiple_of(self.align),
            None => None,
        }
    }

    /// Where the first header lies in a chunk, so that its payload is aligned.
    pub(crate) const fn first(self) -> usize {
        (self.align - PAYLOAD_OFFSET % self.align) % self.align
    }

    /// The memory of `count` slots, `None` if that is more than an address can hold.
    pub(crate) fn chunk(self, count: usize) -> Option<Layout> {
        let bytes = self.stride()?.checked_mul(count)?.checked_add(self.first())?;
        Layout::from_size_align(bytes, self.align).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::SlotLayout;
    use crate::task::PAYLOAD_OFFSET;

    #[test]
    fn every_payload_is_aligned() {
        for align in [1, 16, 32, 64, 128, 4096] {
            for size in [0, 1, 100, 5000] {
                let layout = SlotLayout::new(size, align);
                let stride = layout.stride().expect("small");
                for index in 0..3 {
                    let payload = layout.first() + index * stride + PAYLOAD_OFFSET;
                    assert_eq!(payload % align, 0);
                }
                assert!(stride >= PAYLOAD_OFFSET + size);
            }
        }
    }

    #[test]
    fn huge_slots_are_refused() {
        assert_eq!(SlotLayout::new(usize::MAX, 1).stride(), None);
        assert_eq!(SlotLayout::new(1 << 40, 1).chunk(1 << 30), None);
    }
}
