//! Which locals are read later: a backward analysis. The drop at the end of a scope is no read.

use super::events::{Event, Events, Step};
use crate::hir::LocalId;
use crate::index::{IdSet, IndexVec};
use crate::mir::{BlockId, Body};

/// The live locals at the entry of each block.
pub(super) fn compute(body: &Body, events: &Events) -> IndexVec<BlockId, IdSet<LocalId>> {
    let mut entry = IndexVec::filled(body.blocks.len(), IdSet::new(body.locals.len()));
    loop {
        let mut is_changed = false;
        for id in events.reachable().iter().rev() {
            let live = at_entry(body, events, *id, &entry);
            is_changed |= entry[*id].union(&live);
        }
        if !is_changed {
            return entry;
        }
    }
}

fn at_entry(
    body: &Body,
    events: &Events,
    id: BlockId,
    entry: &IndexVec<BlockId, IdSet<LocalId>>,
) -> IdSet<LocalId> {
    let mut live = IdSet::new(body.locals.len());
    for target in body.blocks[id].terminator.successors() {
        live.union(&entry[target]);
    }
    for index in (0..=events.end(id)).rev() {
        apply(&mut live, events.at(id, index));
        for target in events.jumps(id, index) {
            live.union(&entry[*target]);
        }
    }
    live
}

/// The effect of events, backwards.
pub(super) fn apply(live: &mut IdSet<LocalId>, steps: &[Step]) {
    for (local, event, is_certain) in steps.iter().rev() {
        match event {
            Event::Use { .. } | Event::Take | Event::TakeLeaving => {
                live.insert(*local);
            }
            Event::Fill | Event::Clear if *is_certain => live.remove(*local),
            Event::Fill | Event::Clear | Event::Refill | Event::Discard => {}
        }
    }
}
