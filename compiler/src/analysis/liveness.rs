//! Which locals are read later: a backward analysis. The drop at the end of a scope is no read.

use super::events::{self, Event, Step};
use crate::hir::LocalId;
use crate::index::{IdSet, IndexVec};
use crate::mir::{BlockId, Body, jumps_of};

/// The live locals at the entry of each block.
pub(super) fn compute(body: &Body) -> IndexVec<BlockId, IdSet<LocalId>> {
    let mut entry = IndexVec::filled(body.blocks.len(), IdSet::new(body.locals.len()));
    let order = body.reachable();
    loop {
        let mut is_changed = false;
        for id in order.iter().rev() {
            let live = at_entry(body, *id, &entry);
            is_changed |= entry[*id].union(&live);
        }
        if !is_changed {
            return entry;
        }
    }
}

fn at_entry(body: &Body, id: BlockId, entry: &IndexVec<BlockId, IdSet<LocalId>>) -> IdSet<LocalId> {
    let block = &body.blocks[id];
    let mut live = IdSet::new(body.locals.len());
    for target in block.terminator.successors() {
        live.union(&entry[target]);
    }
    apply(&mut live, &events::of_terminator(body, block));
    for target in block.terminator_code().into_iter().flat_map(jumps_of) {
        live.union(&entry[target]);
    }
    for statement in block.statements.iter().rev() {
        apply(&mut live, &events::of_statement(body, statement));
        for target in statement.jumps() {
            live.union(&entry[target]);
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
            Event::Fill | Event::Clear => {}
        }
    }
}
