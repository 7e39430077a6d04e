//! Pools for tasks that were spawned without a pool of their own.

use std::io;

use super::{Growth, Pool, PoolRef, SlotLayout};
use crate::scheduler::{RuntimeId, Shared};
use crate::task::{PAYLOAD_OFFSET, Slot};

/// The smallest and the largest slot of a class, as powers of two.
const SMALLEST: u32 = 8;
const LARGEST: u32 = 16;
const COUNT: usize = (LARGEST - SMALLEST + 1) as usize;

/// The number of slots a class starts with, while they fit into this many bytes.
const FIRST_SLOTS: usize = 64;
const FIRST_BYTES: usize = 1 << 16;

/// One pool for each power of two, made when it is first needed.
#[derive(Debug, Default)]
pub(crate) struct Classes([Option<PoolRef>; COUNT]);

impl Classes {
    /// No pools.
    pub(crate) const fn new() -> Self {
        Classes([const { None }; COUNT])
    }

    /// Takes a slot for a task that needs `size` bytes aligned to `align`.
    ///
    /// Sizes above the largest class, and larger alignments, get a pool of one slot, which is freed
    /// when the task is gone.
    pub(crate) fn take(
        &mut self,
        shared: &'static Shared,
        runtime: RuntimeId,
        size: usize,
        align: usize,
    ) -> io::Result<Slot> {
        let Some(class) = class_of(size, align) else {
            shared.count_growth();
            return take_exact(shared, runtime, size, align);
        };
        let stride = 1_usize << (SMALLEST + class as u32);
        let pool = match &mut self.0[class] {
            Some(pool) => pool,
            none => {
                let layout = SlotLayout::new(stride - PAYLOAD_OFFSET, 1);
                let count = (FIRST_BYTES / stride).clamp(1, FIRST_SLOTS);
                shared.count_growth();
                none.insert(Pool::create(shared, runtime, layout, Growth::Counted, count)?)
            }
        };
        pool.take().map_err(|_| io::ErrorKind::OutOfMemory.into())
    }
}

/// Takes the only slot of a pool that lives as long as the slot is taken.
pub(crate) fn take_exact(
    shared: &'static Shared,
    runtime: RuntimeId,
    size: usize,
    align: usize,
) -> io::Result<Slot> {
    let pool = Pool::create(shared, runtime, SlotLayout::new(size, align), Growth::Fixed, 1)?;
    pool.take().map_err(|_| io::ErrorKind::OutOfMemory.into())
}

/// The index of the class for a task, `None` if it is too large for all of them.
fn class_of(size: usize, align: usize) -> Option<usize> {
    let stride = size.checked_add(PAYLOAD_OFFSET)?.checked_next_power_of_two()?;
    let power = stride.trailing_zeros().max(SMALLEST);
    let is_ordinary = power <= LARGEST && align <= super::layout::SLOT_ALIGN;
    is_ordinary.then(|| (power - SMALLEST) as usize)
}

#[cfg(test)]
mod tests {
    use super::{COUNT, LARGEST, class_of};
    use crate::task::PAYLOAD_OFFSET;

    #[test]
    fn a_task_gets_the_smallest_class_it_fits() {
        assert_eq!(class_of(0, 1), Some(0));
        assert_eq!(class_of(256 - PAYLOAD_OFFSET, 16), Some(0));
        assert_eq!(class_of(257 - PAYLOAD_OFFSET, 16), Some(1));
        assert_eq!(class_of((1 << LARGEST) - PAYLOAD_OFFSET, 8), Some(COUNT - 1));
    }

    #[test]
    fn large_tasks_have_no_class() {
        assert_eq!(class_of(1 << LARGEST, 8), None);
        assert_eq!(class_of(8, 32), None);
        assert_eq!(class_of(usize::MAX, 1), None);
    }
}
