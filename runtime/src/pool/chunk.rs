//! A run of slots that were allocated together.

use core::mem::MaybeUninit;
use core::ptr::NonNull;
use core::slice;
use std::alloc::{Layout, alloc, dealloc};

use super::Pool;
use super::layout::SlotLayout;
use crate::sys::pages;
use crate::task::{Header, Slot};

/// Memory for some slots, freed when dropped.
#[derive(Debug)]
pub(crate) struct Chunk {
    base: NonNull<u8>,
    memory: Layout,
    slots: SlotLayout,
    count: usize,
}

// SAFETY: a chunk owns its memory; the slots in it follow their own protocol.
unsafe impl Send for Chunk {}

impl Chunk {
    /// Allocates `count` slots with vacant headers, `None` if there is no memory. All of its pages are used
    /// at once, if that is asked for.
    pub(crate) fn allocate(
        slots: SlotLayout,
        count: usize,
        pool: NonNull<Pool>,
        is_claimed: bool,
    ) -> Option<Self> {
        let memory = slots.chunk(count)?;
        debug_assert!(memory.size() > 0);
        // SAFETY: the layout is not empty: a slot has at least a header, and `count` is not zero.
        let base = NonNull::new(unsafe { alloc(memory) })?;
        let chunk = Chunk { base, memory, slots, count };
        if is_claimed {
            let start = base.as_ptr().cast::<MaybeUninit<u8>>();
            // SAFETY: it is the memory that was just allocated.
            pages::claim(unsafe { slice::from_raw_parts_mut(start, memory.size()) });
        }
        for slot in chunk.slots() {
            // SAFETY: the slot lies in the memory that was just allocated, aligned for a header.
            unsafe { slot.write(Header::new(pool, slot, slots.payload())) };
        }
        Some(chunk)
    }

    /// The slots, in the order of their addresses.
    pub(crate) fn slots(&self) -> impl Iterator<Item = Slot> + use<> {
        let (base, first) = (self.base, self.slots.first());
        let stride = self.slots.stride().expect("the chunk was allocated with it");
        (0..self.count).map(move |index| {
            // SAFETY: the offset is inside the allocation, which has room for `count` slots.
            unsafe { base.add(first + index * stride) }.cast()
        })
    }

    /// The number of bytes of the chunk.
    pub(crate) const fn bytes(&self) -> usize {
        self.memory.size()
    }
}

impl Drop for Chunk {
    fn drop(&mut self) {
        for slot in self.slots() {
            // SAFETY: the header was written when the chunk was allocated; its slot is vacant.
            unsafe { slot.drop_in_place() };
        }
        // SAFETY: allocated with this layout.
        unsafe { dealloc(self.base.as_ptr(), self.memory) };
    }
}
