//! Branches, loops and jumps.

use super::super::{Arm, BlockId, Statement, Terminator, kept_by};
use super::{Builder, Dest, Target};
use crate::hir::destructure::{self, Takes};
use crate::hir::{self, Expr, LabelId, LocalId, LocalKind, bindings};

impl Builder {
    pub(super) fn branch(
        &mut self,
        condition: &Expr,
        then: &hir::Block,
        otherwise: Option<&Expr>,
        dest: Dest,
    ) {
        self.open_scope();
        let condition = self.operand(condition);
        let (then_block, else_block) = (self.new_block(false), self.new_block(false));
        let after = self.new_block(false);
        if self.current.is_none() {
            self.scopes.pop();
            return;
        }
        let (then_id, otherwise_id) = (then_block, else_block);
        self.terminate(Terminator::If { condition, then: then_id, otherwise: otherwise_id });
        self.scopes.pop();
        self.start(then_block);
        self.block(then, dest);
        let mut is_reached = self.goto(after);
        self.start(else_block);
        match otherwise {
            Some(otherwise) => self.expr(otherwise, dest),
            None => self.unit(dest),
        }
        is_reached |= self.goto(after);
        self.resume_at(after, is_reached);
    }

    /// The guard of an arm, where it may leave the match.
    fn guard(&mut self, arm: &hir::Arm) -> Option<syn::Expr> {
        let mut guard = arm.guard.clone()?;
        self.redirect(&mut guard);
        Some(guard)
    }

    pub(super) fn matching(&mut self, scrutinee: &Expr, arms: &[hir::Arm], dest: Dest) {
        self.open_scope();
        let scrutinee = self.operand(scrutinee);
        let after = self.new_block(true);
        let targets: Vec<BlockId> = arms.iter().map(|_| self.new_block(false)).collect();
        let lowered = arms.iter().zip(&targets).map(|(arm, target)| {
            let guard = self.guard(arm);
            Arm { pat: arm.pat.clone(), guard, target: *target }
        });
        let lowered: Vec<Arm> = lowered.collect();
        if self.current.is_none() {
            self.scopes.pop();
            return;
        }
        let pats = lowered.iter().map(|arm| &arm.pat);
        let jumps_away = arms.iter().any(|arm| destructure::jumps_away(arm.guard.as_ref()));
        let taken = destructure::taken_by(Some(&self.body.locals), &scrutinee, pats)
            .filter(|_| !jumps_away);
        self.terminate(Terminator::Match { scrutinee, arms: lowered, taken });
        let mut is_reached = false;
        for (arm, target) in arms.iter().zip(targets) {
            self.start(target);
            self.open_scope();
            if let (Some(local), Takes::All) = (taken, destructure::takes(&arm.pat)) {
                self.push(Statement::Taken(local));
            }
            for local in self.bound_by(&arm.pat) {
                self.enter_scope(local);
                self.push(Statement::Bound(local));
            }
            self.expr(&arm.body, dest);
            self.close_scope();
            is_reached |= self.goto(after);
        }
        self.resume_at(after, is_reached);
        self.close_scope();
    }

    /// The bindings of an arm in the order of their scopes. What is left of the value is dropped
    /// after what the user bound, in the order of its parts.
    pub(super) fn bound_by(&self, pat: &syn::Pat) -> Vec<LocalId> {
        let is_rest = |local: &LocalId| self.body.locals[*local].kind == LocalKind::Temporary;
        let (mut bound, own): (Vec<LocalId>, Vec<LocalId>) =
            bindings(pat).into_iter().partition(is_rest);
        bound.reverse();
        bound.extend(own);
        bound
    }

    /// A match on a local or on a part of one, whose rest is kept in `holder`: to its end, or as long as
    /// what declared the holder says.
    pub(super) fn splitting(
        &mut self,
        place: &syn::Expr,
        holder: LocalId,
        arms: &[hir::Arm],
        dest: Dest,
    ) {
        self.open_scope();
        if self.scopes.iter().flatten().all(|open| *open != holder) {
            self.declare(holder);
        }
        let after = self.new_block(true);
        let lowered = arms.iter().map(|arm| {
            let (pat, guard) = (arm.pat.clone(), self.guard(arm));
            Arm { pat, guard, target: self.new_block(false) }
        });
        let lowered: Vec<Arm> = lowered.collect();
        let targets: Vec<BlockId> = lowered.iter().map(|arm| arm.target).collect();
        if self.current.is_none() {
            self.scopes.pop();
            return;
        }
        let (place, kept) = (place.clone(), kept_by(place, holder, &lowered));
        let not_taken = kept.iter().filter(|kept| **kept != holder);
        self.not_taken.extend(not_taken.map(|local| (holder, *local)));
        self.terminate(Terminator::Split { place, holder, arms: lowered });
        let mut is_reached = false;
        for ((arm, target), kept) in arms.iter().zip(targets).zip(kept) {
            self.start(target);
            self.push(Statement::Bound(kept));
            self.open_scope();
            for local in bindings(&arm.pat) {
                self.enter_scope(local);
                self.push(Statement::Bound(local));
            }
            self.expr(&arm.body, dest);
            self.close_scope();
            is_reached |= self.goto(after);
        }
        self.resume_at(after, is_reached);
        self.close_scope();
    }

    /// Ends the current block, if there is one, by going to `target`.
    fn goto(&mut self, target: BlockId) -> bool {
        let is_reached = self.current.is_some();
        self.terminate(Terminator::Goto(target));
        is_reached
    }

    fn resume_at(&mut self, block: BlockId, is_reached: bool) {
        if is_reached {
            self.start(block);
        }
    }

    pub(super) fn endless(&mut self, label: LabelId, body: &hir::Block, dest: Dest) {
        if self.current.is_none() {
            return;
        }
        let head = self.new_block(true);
        let after = self.new_block(true);
        self.goto(head);
        self.start(head);
        let depth = self.scopes.len();
        self.targets.insert(label, Target { dest, after, next: Some(head), depth });
        self.block(body, Dest::Nowhere);
        self.goto(head);
        self.finish(label);
    }

    pub(super) fn labelled(&mut self, label: LabelId, block: &hir::Block, dest: Dest) {
        if self.current.is_none() {
            return;
        }
        let after = self.new_block(true);
        let depth = self.scopes.len();
        self.targets.insert(label, Target { dest, after, next: None, depth });
        self.block(block, dest);
        self.goto(after);
        self.finish(label);
    }

    /// Goes on after a loop or labelled block, if control gets there.
    fn finish(&mut self, label: LabelId) {
        let target = self.targets.remove(&label).expect("it is being built");
        let is_goal = |id: BlockId| {
            let successors = self.body.blocks[id].terminator.successors();
            successors.contains(&target.after)
        };
        let is_reached = self.body.blocks.ids().any(is_goal);
        self.resume_at(target.after, is_reached);
        if let Dest::Return = target.dest {
            self.terminate(Terminator::Return { value: None });
        }
    }

    pub(super) fn break_out(&mut self, label: LabelId, value: Option<&Expr>) {
        let Some(Target { dest, after, depth, .. }) = self.targets.get(&label) else { return };
        let (dest, after, depth) = (*dest, *after, *depth);
        match value {
            Some(value) => self.expr(value, dest),
            None => self.unit(dest),
        }
        self.drop_scopes(depth);
        self.goto(after);
    }

    pub(super) fn next_round(&mut self, label: LabelId) {
        let Some(target) = self.targets.get(&label) else { return };
        let (next, depth) = (target.next.expect("`continue` names a loop"), target.depth);
        self.drop_scopes(depth);
        self.goto(next);
    }

    pub(super) fn leave(&mut self, value: Option<&Expr>) {
        let was_leaving = std::mem::replace(&mut self.is_leaving, true);
        match value {
            Some(value) => self.expr(value, Dest::Return),
            None => self.terminate(Terminator::Return { value: None }),
        }
        self.is_leaving = was_leaving;
    }
}
