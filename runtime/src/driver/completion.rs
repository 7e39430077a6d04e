//! The record of one operation in flight, unless the kernel works on memory of a slot.
//!
//! ```text
//!            wait           the descriptor is ready       take
//!   Vacant ─────────▶ Waiting ───────────────────▶ Ready ────▶ Vacant
//!      │     starve         a descriptor is free     ▲
//!      ├────────────▶ Starved ───────────────────────┘
//!      │     relay              the kernel completes, or the operation is dropped
//!      ├────────────▶ Relayed ───────────────────────▶ Vacant
//!      │     begin_unit         the kernel completes
//!      └────────────▶ Unit ──────────────────────────▶ Vacant
//!
//!   Waiting ── the wait cannot be had ──▶ Failed ── take ──▶ Vacant
//!   Waiting ── the operation is dropped ──▶ Abandoned ── the kernel answers ──▶ Vacant
//! ```
//!
//! A record belongs to the runtime, not to the operation: the kernel knows it by its index, and an
//! index is used again only after everything that names it has arrived. So an operation that is
//! leaked costs a record, and nothing else. An operation that the kernel works on needs none: its
//! key, see [`crate::op::Key`], is enough.

use std::os::fd::RawFd;
use std::sync::Arc;

use super::Interest;
use crate::blocking::Completable;
use crate::sys::pages;
use crate::task::Wake;

/// The number of a record.
pub(crate) type Index = u32;

/// More operations than memory has room for.
const RECORDS_MAX: usize = 1 << 31;

/// Stands for "no record".
pub(crate) const NONE: Index = Index::MAX;

/// What has become of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The record is free.
    Vacant,
    /// It waits until its descriptor is ready.
    Waiting,
    /// It waits until a descriptor is free.
    Starved,
    /// What it waited for has come: it may try again.
    Ready,
    /// The wait itself failed with this error, a negative number.
    Failed(i32),
    /// The kernel works on a unit, which owns all memory that it names.
    Unit,
    /// The kernel works on memory of a slot, and somebody else than its task is to be woken.
    Relayed,
    /// Nobody waits for it; the kernel still has the index.
    Abandoned,
}

/// One operation in flight.
#[derive(Debug)]
pub(crate) struct Completion {
    pub(crate) stage: Stage,
    pub(crate) wake: Wake,
    /// The descriptor it waits for while the stage is `Waiting`.
    pub(crate) fd: RawFd,
    pub(crate) interest: Interest,
    /// What the kernel works on while the stage is `Unit`.
    pub(crate) unit: Option<Arc<dyn Completable>>,
    /// The result of a unit that the kernel still needs.
    pub(crate) result: i32,
    /// How far the operation is from its slot while the stage is `Relayed`.
    pub(crate) distance: u32,
    /// The link of the list that the stage implies: free, waiting for `fd`, or starved.
    pub(crate) next: Index,
}

impl Completion {
    const fn new(stage: Stage, wake: Wake) -> Self {
        Completion {
            stage,
            wake,
            fd: -1,
            interest: Interest::Read,
            unit: None,
            result: 0,
            distance: 0,
            next: NONE,
        }
    }
}

/// All records, by index.
#[derive(Debug)]
pub(crate) struct Completions {
    records: Vec<Completion>,
    free: Index,
    /// For how many there has to be room: those of the start, and what was added to them.
    promised: usize,
    /// Whether there are never more records than there was room for.
    is_fixed: bool,
}

impl Completions {
    /// Room for `count` records before memory is taken again.
    pub(crate) fn with_capacity(count: usize, is_fixed: bool) -> Self {
        let records = Vec::with_capacity(count);
        let mut completions = Completions { records, free: NONE, promised: count, is_fixed };
        completions.reserve(0);
        completions
    }

    /// Whether there are never more records than there was room for.
    pub(crate) const fn is_fixed(&self) -> bool {
        self.is_fixed
    }

    /// Whether there is room for another record.
    pub(crate) const fn has_room(&self) -> bool {
        !self.is_fixed || self.free != NONE || self.records.len() < self.records.capacity()
    }

    /// Makes room for `count` more records, and says for how many there is room then.
    pub(crate) fn reserve(&mut self, count: usize) -> usize {
        self.promised = self.promised.saturating_add(count);
        self.records.reserve(self.promised.saturating_sub(self.records.len()));
        if self.is_fixed {
            pages::claim(self.records.spare_capacity_mut());
        }
        self.records.capacity()
    }

    /// A new record. There [`has_room`](Self::has_room).
    pub(crate) fn insert(&mut self, stage: Stage, wake: Wake) -> Index {
        let record = Completion::new(stage, wake);
        if self.free == NONE {
            let index = self.records.len();
            assert!(index < RECORDS_MAX, "too many operations are in flight");
            self.records.push(record);
            return index as Index;
        }
        let index = self.free;
        let vacant = &mut self.records[index as usize];
        self.free = vacant.next;
        *vacant = record;
        index
    }

    /// Makes a record vacant. Its wake is given back, to be dropped without a borrow.
    pub(crate) fn remove(&mut self, index: Index) -> Wake {
        let free = self.free;
        let record = self.get(index);
        debug_assert_ne!(record.stage, Stage::Vacant);
        record.stage = Stage::Vacant;
        record.next = free;
        let wake = record.wake.take();
        self.free = index;
        wake
    }

    /// Changes the stage, and gives the one to wake.
    pub(crate) fn land(&mut self, index: Index, stage: Stage) -> Wake {
        let record = self.get(index);
        record.stage = stage;
        record.wake.take()
    }

    /// The record with this index.
    pub(crate) fn get(&mut self, index: Index) -> &mut Completion {
        &mut self.records[index as usize]
    }

    /// The first record for which `select` is true.
    pub(crate) fn position(&self, select: impl Fn(&Completion) -> bool) -> Option<Index> {
        self.position_from(0, select)
    }

    /// The first such record that is not before `from`.
    pub(crate) fn position_from(
        &self,
        from: Index,
        select: impl Fn(&Completion) -> bool,
    ) -> Option<Index> {
        let records = self.records.get(from as usize..)?;
        records.iter().position(select).map(|index| from + index as Index)
    }

    /// Keeps the memory of what the kernel has not given back, for ever.
    pub(crate) fn leak_units(&mut self) {
        self.records.iter_mut().for_each(|record| core::mem::forget(record.unit.take()));
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::{Completions, Stage};
    use crate::task::Wake;

    #[test]
    fn room_that_is_reserved_is_added() {
        let mut completions = Completions::with_capacity(16, true);
        completions.reserve(100);
        assert!(completions.reserve(50) >= 166);
        let indices: Vec<_> =
            (0..166).map(|_| completions.insert(Stage::Waiting, Wake::Nobody)).collect();
        let room = completions.records.capacity();
        assert!(completions.reserve(0) == room, "nothing was added");
        indices.into_iter().for_each(|index| drop(completions.remove(index)));
        assert!(completions.has_room());
    }
}
