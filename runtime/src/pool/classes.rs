//! Pools for tasks that were spawned without a pool of their own.

use std::io;

use super::{Growth, Pool, PoolRef, SlotLayout};
use crate::scheduler::{self, RuntimeId, Shared};
use crate::task::{PAYLOAD_OFFSET, Slot};

/// The smallest and the largest slot of a class, as powers of two.
const SMALLEST: u32 = 8;
const LARGEST: u32 = 16;
const COUNT: usize = (LARGEST - SMALLEST + 1) as usize;

/// The number of slots a class starts with, while they fit into this many bytes.
const FIRST_SLOTS: usize = 64;
const FIRST_BYTES: usize = 1 << 16;

/// How many tasks of each class there is room for from the start.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Provision {
    slots: [usize; COUNT],
    /// Whether tasks were asked for that no class has room for.
    has_too_large: bool,
}

impl Provision {
    /// Room for no tasks.
    pub(crate) const NONE: Provision = Provision { slots: [0; COUNT], has_too_large: false };

    /// Room for `count` more tasks of `size` bytes.
    pub(crate) const fn and(mut self, count: usize, size: usize) -> Self {
        match class_of(size, 1) {
            Some(class) => self.slots[class] = self.slots[class].saturating_add(count),
            None => self.has_too_large = true,
        }
        self
    }
}

/// One pool for each power of two, made when it is first needed.
#[derive(Debug, Default)]
pub(crate) struct Classes {
    pools: [Option<PoolRef>; COUNT],
    /// Whether there were pools from the start.
    is_provided: bool,
}

impl Classes {
    /// No pools.
    pub(crate) const fn new() -> Self {
        Classes { pools: [const { None }; COUNT], is_provided: false }
    }

    /// Makes the pools that were asked for. If memory is fixed, they do not grow, and there are no
    /// others.
    pub(crate) fn provide(
        &mut self,
        shared: &'static Shared,
        runtime: RuntimeId,
        provision: &Provision,
        growth: Growth,
    ) -> io::Result<()> {
        if provision.has_too_large {
            let text = "tasks of this size need a pool of their own: `Io::frames`";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
        }
        for (class, &count) in provision.slots.iter().enumerate().filter(|(_, count)| **count > 0) {
            let layout = SlotLayout::new(stride_of(class) - PAYLOAD_OFFSET, 1);
            self.pools[class] = Some(Pool::create(shared, runtime, layout, growth, count)?);
            self.is_provided = true;
        }
        Ok(())
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
        let is_fixed = shared.is_fixed();
        let Some(class) = class_of(size, align) else {
            if is_fixed {
                return Err(scheduler::no_room());
            }
            shared.count_growth();
            return take_exact(shared, runtime, size, align);
        };
        if self.is_provided {
            // A larger slot does as well, before memory is taken.
            let mut pools = self.pools[class..].iter().flatten();
            if let Some(slot) = pools.find_map(|pool| pool.take_free()) {
                return Ok(slot);
            }
        }
        if is_fixed {
            return Err(scheduler::no_room());
        }
        let stride = stride_of(class);
        let pool = match &mut self.pools[class] {
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

/// The bytes of a slot of a class.
const fn stride_of(class: usize) -> usize {
    1 << (SMALLEST as usize + class)
}

/// The index of the class for a task, `None` if it is too large for all of them.
const fn class_of(size: usize, align: usize) -> Option<usize> {
    let largest = stride_of(COUNT - 1) - PAYLOAD_OFFSET;
    if size > largest || align > super::layout::SLOT_ALIGN {
        return None;
    }
    let power = (size + PAYLOAD_OFFSET).next_power_of_two().trailing_zeros();
    Some(if power > SMALLEST { (power - SMALLEST) as usize } else { 0 })
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
