//! Which locals may hold a reference to a local: told by what stands in the same statement.
//!
//! [`Holders::before`] follows the direction in which values usually flow. That is a good guess, whose
//! mistakes rustc reports. [`Holders::is_held`] has to be right: two locals are of one *circle* if a
//! statement names both, or both are of one circle with a third. A statement may put a reference that it
//! makes into anything that can be reached from what it names, and nowhere else, as what outlives the
//! call (a static, what an argument refers to) cannot hold a reference to a local. So a reference to a
//! local that is used later is reached from a local of its circle that is used later. Numbers hold no
//! references, and the types of arguments none to a local of the callee: they join no circle.

use super::events::{Event, Events, Step};
use super::independent;
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
    /// Whether it is only copied, by its name.
    is_copy: bool,
}

/// For each local those to which a reference to it, or what holds one, may flow.
#[derive(Debug)]
pub struct Holders {
    /// Where a reference to a local itself may go, by which statement.
    lent: Vec<Loan>,
    /// Where the contents of a local may go.
    flows: IndexVec<LocalId, IdSet<LocalId>>,
    /// The circles, each once it is complete.
    circles: Vec<IdSet<LocalId>>,
    /// The locals that are borrowed by each statement, and what it names.
    borrowings: Vec<(IdSet<LocalId>, IdSet<LocalId>)>,
}

/// Collects the flows of all statements, whatever their order.
pub(super) fn compute(body: &Body, events: &Events) -> Holders {
    let none = IdSet::new(body.locals.len());
    let independent = independent::guess(body);
    let mut holders = Holders {
        lent: Vec::new(),
        flows: IndexVec::filled(body.locals.len(), none),
        circles: Vec::new(),
        borrowings: Vec::new(),
    };
    for id in events.reachable().iter().copied() {
        for index in 0..events.end(id) {
            let is_copy = independent::is_copy(&body.blocks[id].statements[index]);
            holders.add(body, (id, index, is_copy), events.at(id, index), &independent);
        }
        let mut steps = events.of_end(id).to_vec();
        let bound = bound_by(&body.blocks[id]).into_iter();
        steps.extend(bound.map(|local| (local, Event::Fill, true)));
        holders.add(body, (id, events.end(id), false), &steps, &independent);
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
    fn add(
        &mut self,
        body: &Body,
        (block, index, is_copy): (BlockId, usize, bool),
        steps: &[Step],
        independent: &IdSet<LocalId>,
    ) {
        self.join(body, steps);
        let lent = |step: &&Step| matches!(step.1, Event::Use { keeps_reference: true });
        let is_target = |step: &&Step| {
            let holds_none = body.locals[step.0].holds_no_local() || independent.contains(step.0);
            (step.1 == Event::Fill || lent(step)) && !holds_none
        };
        for (from, event, _) in steps {
            for (to, ..) in steps.iter().filter(is_target).filter(|(to, ..)| to != from) {
                if *event != Event::Fill {
                    self.flows[*from].insert(*to);
                }
                if matches!(event, Event::Use { keeps_reference: true }) {
                    self.lent.push(Loan { block, index, from: *from, to: *to, is_copy });
                }
            }
        }
    }

    /// Puts the locals that a statement names into one circle.
    fn join(&mut self, body: &Body, steps: &[Step]) {
        let none = || IdSet::new(body.locals.len());
        let (mut circle, mut borrowed) = (none(), none());
        for (local, event, _) in steps {
            if !body.locals[*local].holds_no_local() && *event != Event::Clear {
                circle.insert(*local);
            }
            if matches!(event, Event::Use { keeps_reference: true }) {
                borrowed.insert(*local);
            }
        }
        if !borrowed.is_empty() {
            self.borrowings.push((borrowed, circle.clone()));
        }
        if circle.is_empty() {
            return;
        }
        // Circles do not meet, so what one adds is in no other.
        self.circles.retain(|other| {
            let is_met = other.intersects(&circle);
            if is_met {
                circle.union(other);
            }
            !is_met
        });
        self.circles.push(circle);
    }

    /// Whether one of the locals in `needed` other than `local` may hold a reference to `local`.
    pub(super) fn is_held(&self, local: LocalId, needed: &IdSet<LocalId>) -> bool {
        let statements = self.borrowings.iter().filter(|(borrowed, _)| borrowed.contains(local));
        let mut others = needed.clone();
        others.remove(local);
        let mut reaching = self.circles.iter().filter(|circle| circle.intersects(&others));
        let named: Vec<_> = statements.map(|(_, named)| named).collect();
        reaching.any(|circle| named.iter().any(|named| circle.intersects(named)))
    }

    /// The locals that may hold a reference to `local` which another statement made: with those that seem
    /// to hold a copy of it or not.
    pub fn before(
        &self,
        (block, index): (BlockId, usize),
        local: LocalId,
        with_copies: bool,
    ) -> IdSet<LocalId> {
        let mut holders = IdSet::new(self.flows.len());
        let is_other = |loan: &&Loan| {
            loan.from == local
                && (loan.block, loan.index) != (block, index)
                && (with_copies || !loan.is_copy)
        };
        self.lent.iter().filter(is_other).for_each(|loan| {
            holders.insert(loan.to);
        });
        loop {
            let mut next = holders.clone();
            // What flows on from the local itself does so by a loan of its own.
            for holder in holders.iter().filter(|holder| *holder != local) {
                next.union(&self.flows[holder]);
            }
            if next == holders {
                return holders;
            }
            holders = next;
        }
    }
}
