//! What each point of a block needs: the locals whose bytes must not be touched by others.

use super::events::{Event, Step};
use super::{Analysis, borrows, init, liveness};
use crate::hir::{LocalId, bindings};
use crate::index::IdSet;
use crate::mir::{BlockId, Body, Statement, Terminator};

/// A walk over the points of one block.
#[derive(Debug)]
pub struct Walk<'a> {
    body: &'a Body,
    analysis: &'a Analysis,
    block: BlockId,
}

impl<'a> Walk<'a> {
    /// A walk over `block`.
    pub fn new(body: &'a Body, analysis: &'a Analysis, block: BlockId) -> Self {
        Walk { body, analysis, block }
    }

    /// Calls `visit` with sets of locals that are needed at the same time, which together cover
    /// every point of the block.
    ///
    /// A statement that only fills a local has two points: before it writes, when its value is
    /// computed, and after. So a local may share bytes with the one it is moved into. Any other
    /// code is one point, as its parts may run in any order.
    pub fn for_each_point(&self, visit: &mut dyn FnMut(&IdSet<LocalId>)) {
        let block = &self.body.blocks[self.block];
        let live = self.live_after_each();
        let mut borrowed = self.analysis.borrows_at(self.block);
        let Some(mut filled) = self.analysis.init.filled_at(self.block) else { return };
        let mut needed = self.analysis.needed(self.body, &live[0], &borrowed, &filled);
        visit(&needed);
        for (index, statement) in block.statements.iter().enumerate() {
            let steps = self.analysis.events.at(self.block, index);
            if let Statement::Hold { holder, local, moves, .. } = statement {
                self.visit_hold(&mut needed, steps, moves, visit);
                needed.insert(*holder);
                needed.insert(*local);
            }
            let mut during = needed;
            let is_hold = matches!(statement, Statement::Hold { .. });
            steps.iter().for_each(|(local, event, _)| {
                if *event != Event::Clear && !is_hold {
                    during.insert(*local);
                }
            });
            borrows::apply(&mut borrowed, steps);
            init::apply(&mut filled, steps);
            needed = self.analysis.needed(self.body, &live[index + 1], &borrowed, &filled);
            match written_last(statement) {
                true => {
                    for local in filled_by(statement, steps) {
                        during.remove(local);
                    }
                }
                false => {
                    during.union(&needed);
                }
            }
            visit(&during);
            visit(&needed);
        }
        for (local, _, _) in self.analysis.events.of_end(self.block) {
            needed.insert(*local);
        }
        if let Terminator::Split { holder, arms, .. } = &block.terminator {
            let bound = arms.iter().flat_map(|arm| bindings(&arm.pat));
            bound.chain([*holder]).for_each(|local| {
                needed.insert(local);
            });
        }
        visit(&needed);
    }

    /// A holder is made when its code's receivers are moved out of their slots already, whose bytes it
    /// may use; all else that its code names is needed beside it.
    fn visit_hold(
        &self,
        needed: &mut IdSet<LocalId>,
        steps: &[Step],
        moves: &[(LocalId, LocalId)],
        visit: &mut dyn FnMut(&IdSet<LocalId>),
    ) {
        let is_moved = |local: &LocalId| moves.iter().any(|(from, _)| from == local);
        moves.iter().for_each(|(from, _)| {
            needed.insert(*from);
        });
        visit(needed);
        moves.iter().for_each(|(from, _)| needed.remove(*from));
        let named = steps.iter().filter(|(local, event, _)| {
            !matches!(event, Event::Clear | Event::Fill) && !is_moved(local)
        });
        named.for_each(|(local, ..)| {
            needed.insert(*local);
        });
    }

    /// The locals that a statement, or the terminator after the last, looks at or takes.
    pub(super) fn mentioned_by(&self, index: usize) -> Vec<LocalId> {
        let steps = self.analysis.events.at(self.block, index);
        let is_look = |step: &&Step| !matches!(step.1, Event::Fill | Event::Clear);
        steps.iter().filter(is_look).map(|(local, ..)| *local).collect()
    }

    /// The live locals after a statement, or after the terminator's own code: also where the
    /// statement jumps to.
    pub(super) fn live_after(&self, index: usize) -> IdSet<LocalId> {
        let mut live = self.live_behind(index);
        for target in self.analysis.events.jumps(self.block, index) {
            live.union(&self.analysis.live[*target]);
        }
        live
    }

    /// The live locals where control goes on behind a statement.
    pub(super) fn live_behind(&self, index: usize) -> IdSet<LocalId> {
        let mut after = self.live_after_each();
        match index + 1 < after.len() {
            true => after.swap_remove(index + 1),
            false => self.live_at_end(),
        }
    }

    /// The live locals where the terminator leads to.
    fn live_at_end(&self) -> IdSet<LocalId> {
        let events = &self.analysis.events;
        let mut live = IdSet::new(self.body.locals.len());
        let jumps = events.jumps(self.block, events.end(self.block)).iter().copied();
        let successors = self.body.blocks[self.block].terminator.successors();
        for target in successors.into_iter().chain(jumps) {
            live.union(&self.analysis.live[target]);
        }
        live
    }

    /// The live locals before the first statement, and after each.
    fn live_after_each(&self) -> Vec<IdSet<LocalId>> {
        let events = &self.analysis.events;
        let mut live = self.live_at_end();
        let mut points = Vec::new();
        for index in (0..=events.end(self.block)).rev() {
            liveness::apply(&mut live, events.at(self.block, index));
            for target in events.jumps(self.block, index) {
                live.union(&self.analysis.live[*target]);
            }
            points.push(live.clone());
        }
        points.reverse();
        points
    }
}

/// Whether a statement writes the locals it fills after everything else it does.
fn written_last(statement: &Statement) -> bool {
    matches!(
        statement,
        Statement::Init { .. }
            | Statement::Let { .. }
            | Statement::Bound(_)
            | Statement::Declare(_)
            | Statement::Drop { .. }
            | Statement::Later { .. }
    )
}

/// The locals that the statement itself fills.
fn filled_by(statement: &Statement, steps: &[Step]) -> Vec<LocalId> {
    match statement {
        Statement::Init { local, .. } | Statement::Bound(local) => vec![*local],
        Statement::Let { pat, .. } => crate::hir::bindings(pat),
        _ => {
            debug_assert!(steps.iter().all(|(_, event, _)| *event == Event::Clear));
            Vec::new()
        }
    }
}
