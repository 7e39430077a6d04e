//! Which locals may hold a reference to a local: told by what stands in the same statement.

use super::events::{Event, Events, Step};
use crate::hir::{LocalId, bindings};
use crate::index::{IdSet, IndexVec};
use crate::mir::{Block, BlockId, Body, Terminator};

/// A statement that may put a reference to one local into another.
#[derive(Debug)]
struct Loan {
    block: BlockId,
    index: usize,
    from: LocalId,
    to: LocalId,
}

/// For each local those to which a reference to it, or what holds one, may flow.
#[derive(Debug)]
pub struct Holders {
    /// Where a reference to a local itself may go, by which statement.
    lent: Vec<Loan>,
    /// Where the contents of a local may go.
    flows: IndexVec<LocalId, IdSet<LocalId>>,
}

/// Collects the flows of all statements, whatever their order.
pub(super) fn compute(body: &Body, events: &Events) -> Holders {
    let none = IdSet::new(body.locals.len());
    let mut holders =
        Holders { lent: Vec::new(), flows: IndexVec::filled(body.locals.len(), none) };
    for id in events.reachable().iter().copied() {
        for index in 0..events.end(id) {
            holders.add(body, (id, index), events.at(id, index));
        }
        let mut steps = events.of_end(id).to_vec();
        let bound = bound_by(&body.blocks[id]).into_iter();
        steps.extend(bound.map(|local| (local, Event::Fill, true)));
        holders.add(body, (id, events.end(id)), &steps);
    }
    holders
}

/// The locals that a terminator fills.
fn bound_by(block: &Block) -> Vec<LocalId> {
    match &block.terminator {
        Terminator::LetElse { pat, .. } => bindings(pat),
        Terminator::Select { arms, .. } => {
            arms.iter().flat_map(|arm| &arm.looks).map(|(_, seen)| *seen).collect()
        }
        Terminator::Split { arms, holder, .. } => {
            let bound = arms.iter().flat_map(|arm| bindings(&arm.pat));
            bound.chain([*holder]).collect()
        }
        Terminator::Match { arms, .. } => arms.iter().flat_map(|arm| bindings(&arm.pat)).collect(),
        Terminator::Await { result, .. } | Terminator::Suspend { result, .. } => vec![*result],
        _ => Vec::new(),
    }
}

impl Holders {
    fn add(&mut self, body: &Body, (block, index): (BlockId, usize), steps: &[Step]) {
        let lent = |step: &&Step| matches!(step.1, Event::Use { keeps_reference: true });
        let is_target =
            |step: &&Step| (step.1 == Event::Fill || lent(step)) && !body.locals[step.0].is_number;
        for (from, event, _) in steps {
            for (to, ..) in steps.iter().filter(is_target).filter(|(to, ..)| to != from) {
                if *event != Event::Fill {
                    self.flows[*from].insert(*to);
                }
                if matches!(event, Event::Use { keeps_reference: true }) {
                    self.lent.push(Loan { block, index, from: *from, to: *to });
                }
            }
        }
    }

    /// The locals that may hold a reference to `local` which another statement made.
    pub fn before(&self, block: BlockId, index: usize, local: LocalId) -> IdSet<LocalId> {
        let mut holders = IdSet::new(self.flows.len());
        let is_other =
            |loan: &&Loan| loan.from == local && (loan.block, loan.index) != (block, index);
        self.lent.iter().filter(is_other).for_each(|loan| {
            holders.insert(loan.to);
        });
        loop {
            let mut next = holders.clone();
            for holder in holders.iter() {
                next.union(&self.flows[holder]);
            }
            if next == holders {
                return holders;
            }
            holders = next;
        }
    }
}
