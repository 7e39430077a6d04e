//! To which locals a reference may exist: a forward analysis. A reference is forgotten at the end
//! of its referent's scope, or when that gets another value, which no reference outlives: the syntax
//! does not show when it was used last.

use super::events::{self, Event, Step};
use crate::hir::LocalId;
use crate::index::{IdSet, IndexVec};
use crate::mir::{BlockId, Body, jumps_of};

/// The locals that may be borrowed.
#[derive(Debug)]
pub struct Borrows {
    /// At the entry of each block.
    pub entry: IndexVec<BlockId, IdSet<LocalId>>,
    /// At the end of each block.
    pub end: IndexVec<BlockId, IdSet<LocalId>>,
}

impl Borrows {
    /// The locals that may be borrowed before a statement, or the terminator.
    pub fn before(&self, body: &Body, block: BlockId, index: usize) -> IdSet<LocalId> {
        let mut borrowed = self.entry[block].clone();
        for statement in &body.blocks[block].statements[..index] {
            apply(&mut borrowed, &events::of_statement(body, statement));
        }
        borrowed
    }
}

/// Runs the analysis to its fixpoint.
pub(super) fn compute(body: &Body) -> Borrows {
    let empty = IdSet::new(body.locals.len());
    let mut entry = IndexVec::filled(body.blocks.len(), empty.clone());
    let mut end = IndexVec::filled(body.blocks.len(), empty);
    let order = body.reachable();
    loop {
        let mut is_changed = false;
        for id in &order {
            let mut borrowed: IdSet<LocalId> = entry[*id].clone();
            let block = &body.blocks[*id];
            for statement in &block.statements {
                apply(&mut borrowed, &events::of_statement(body, statement));
                for target in statement.jumps() {
                    is_changed |= entry[target].union(&borrowed);
                }
            }
            apply(&mut borrowed, &events::of_terminator(body, block));
            let jumps = block.terminator_code().into_iter().flat_map(jumps_of);
            for target in jumps.chain(block.terminator.successors()) {
                is_changed |= entry[target].union(&borrowed);
            }
            end[*id] = borrowed;
        }
        if !is_changed {
            return Borrows { entry, end };
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
