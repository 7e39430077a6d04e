//! The record of one operation in flight.
//!
//! ```text
//!            begin          the kernel completes          take
//!   Vacant ─────────▶ Kernel ─────────────────────▶ Landed ────▶ Vacant
//!      │     wait           the descriptor is ready
//!      ├────────────▶ Waiting ─────────────────────▶ Ready ─────▶ Vacant
//!      │     starve         a descriptor is free       ▲
//!      └────────────▶ Starved ─────────────────────────┘
//!
//!   Waiting ── the operation is dropped ──▶ Abandoned ── the kernel answers ──▶ Vacant
//! ```
//!
//! A record belongs to the runtime, not to the operation: the kernel knows it by its index, and an
//! index is used again only after everything that names it has arrived. So an operation that is
//! leaked costs a record, and nothing else.

use std::os::fd::RawFd;

use super::Interest;
use crate::task::{Slot, Wake};

/// The number of a record.
pub(crate) type Index = u32;

/// More operations than memory has room for; the highest bit of an index stays free.
const RECORDS_MAX: usize = 1 << 31;

/// Stands for "no record".
pub(crate) const NONE: Index = Index::MAX;

/// What has become of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The record is free.
    Vacant,
    /// The kernel works on it and may write into the slot `owner`.
    Kernel,
    /// It waits until its descriptor is ready.
    Waiting,
    /// It waits until a descriptor is free.
    Starved,
    /// What it waited for has come: it may try again.
    Ready,
    /// The result of the system call is here, an error as a negative number.
    Landed(i32),
    /// Nobody waits for it; the kernel still has the index.
    Abandoned,
}

/// One operation in flight.
#[derive(Debug)]
pub(crate) struct Completion {
    pub(crate) stage: Stage,
    pub(crate) wake: Wake,
    /// The slot the kernel may write into while the stage is `Kernel`.
    pub(crate) owner: Option<Slot>,
    /// The descriptor it waits for while the stage is `Waiting`.
    pub(crate) fd: RawFd,
    pub(crate) interest: Interest,
    /// Whether the result is a descriptor, to be closed if nobody takes it.
    pub(crate) yields_fd: bool,
    /// The link of the list that the stage implies: free, waiting for `fd`, or starved.
    pub(crate) next: Index,
}

impl Completion {
    const fn new(stage: Stage, wake: Wake) -> Self {
        let (fd, interest) = (-1, Interest::Read);
        Completion { stage, wake, owner: None, fd, interest, yields_fd: false, next: NONE }
    }
}

/// All records, by index.
#[derive(Debug)]
pub(crate) struct Completions {
    records: Vec<Completion>,
    free: Index,
}

impl Completions {
    /// Room for `count` records before memory is taken again.
    pub(crate) fn with_capacity(count: usize) -> Self {
        Completions { records: Vec::with_capacity(count), free: NONE }
    }

    /// Makes room for `count` more records.
    pub(crate) fn reserve(&mut self, count: usize) {
        self.records.reserve(count);
    }

    /// A new record.
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

    /// The record with this index.
    pub(crate) fn get(&mut self, index: Index) -> &mut Completion {
        &mut self.records[index as usize]
    }

    /// The indices of records for which `select` is true.
    pub(crate) fn position(&self, select: impl Fn(&Completion) -> bool) -> Option<Index> {
        self.records.iter().position(select).map(|index| index as Index)
    }
}
