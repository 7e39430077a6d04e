//! To which locals a reference may exist: a forward analysis. A reference is forgotten at the end
//! of its referent's scope, or when that gets another value, which no reference outlives: the syntax
//! does not show when it was used last.

use super::events::{Event, Events, Step};
use crate::hir::LocalId;
use crate::index::{IdSet, IndexVec};
use crate::mir::{BlockId, Body};

/// The locals that may be borrowed.
#[derive(Debug)]
pub struct Borrows {
    events: Events,
    /// At the entry of each block.
    pub entry: IndexVec<BlockId, IdSet<LocalId>>,
    /// At the end of each block.
    pub end: IndexVec<BlockId, IdSet<LocalId>>,
}

impl Borrows {
    /// The locals that may be borrowed before a statement, or the terminator.
    pub fn before(&self, block: BlockId, index: usize) -> IdSet<LocalId> {
        let mut borrowed = self.entry[block].clone();
        (0..index).for_each(|index| apply(&mut borrowed, self.events.at(block, index)));
        borrowed
    }
}

/// Runs the analysis to its fixpoint.
pub(super) fn compute(body: &Body, events: &Events) -> Borrows {
    let empty = IdSet::new(body.locals.len());
    let mut entry = IndexVec::filled(body.blocks.len(), empty.clone());
    let mut end = IndexVec::filled(body.blocks.len(), empty);
    loop {
        let mut is_changed = false;
        for id in events.reachable() {
            let mut borrowed: IdSet<LocalId> = entry[*id].clone();
            for index in 0..=events.end(*id) {
                apply(&mut borrowed, events.at(*id, index));
                for target in events.jumps(*id, index) {
                    is_changed |= entry[*target].union(&borrowed);
                }
            }
            for target in body.blocks[*id].terminator.successors() {
                is_changed |= entry[target].union(&borrowed);
            }
            end[*id] = borrowed;
        }
        if !is_changed {
            return Borrows { events: events.clone(), entry, end };
        }
    }
}

/// The effect of events.
pub(super) fn apply(borrowed: &mut IdSet<LocalId>, steps: &[Step]) {
    for (local, event, is_certain) in steps {
        match event {
            Event::Use { keeps_reference: true } => {
                borrowed.insert(*local);
            }
            Event::Clear => borrowed.remove(*local),
            Event::Fill if *is_certain => borrowed.remove(*local),
            _ => {}
        }
    }
}
