//! Matches with guards that suspend.

use syn::{Expr as Code, parse_quote};

use super::super::{Arm, BlockId, SelectArm, Statement, Terminator};
use super::{Builder, Dest};
use crate::hir::destructure::{self, Takes};
use crate::hir::{Case, Guard, GuardedArm, LocalId, LocalKind, Look, bindings};

/// A case of an arm, which is tried after those before it.
struct Candidate<'a> {
    /// The number of its arm.
    arm: usize,
    case: &'a Case,
    /// Where the bindings are taken.
    take: BlockId,
}

impl Candidate<'_> {
    fn suspends(&self) -> bool {
        matches!(self.case.guard, Some(Guard::Suspends { .. }))
    }
}

impl Builder {
    pub(super) fn guarded(&mut self, scrutinee: &Code, arms: &[GuardedArm], dest: Dest) {
        if self.current.is_none() {
            return;
        }
        let mut scrutinee = scrutinee.clone();
        self.redirect(&mut scrutinee);
        let mut candidates = Vec::new();
        for (number, arm) in arms.iter().enumerate() {
            for case in &arm.cases {
                let take = self.new_block(false);
                candidates.push(Candidate { arm: number, case, take });
            }
        }
        self.select(&scrutinee, &candidates);
        let after = self.new_block(true);
        let mut is_reached = false;
        for (number, arm) in arms.iter().enumerate() {
            let candidates: Vec<&Candidate<'_>> =
                candidates.iter().filter(|candidate| candidate.arm == number).collect();
            self.take_bindings(&scrutinee, &candidates);
            self.expr(&arm.body, dest);
            self.close_scope();
            is_reached |= self.current.is_some();
            self.terminate(Terminator::Goto(after));
        }
        if is_reached {
            self.start(after);
        }
    }

    /// Finds the candidate that matches: up to the first whose guard suspends, then the rest.
    fn select(&mut self, scrutinee: &Code, candidates: &[Candidate<'_>]) {
        let mut rest = candidates;
        while !rest.is_empty() {
            let until = rest.iter().position(Candidate::suspends);
            let (now, later) = rest.split_at(until.map_or(rest.len(), |until| until + 1));
            let test = until.map(|_| self.new_block(false));
            let next = (!later.is_empty()).then(|| self.new_block(true));
            let arms = now.iter().map(|candidate| {
                let pat = candidate.case.pat.clone();
                let (guard, looks, target) = match &candidate.case.guard {
                    Some(Guard::Suspends { looks, .. }) => {
                        let looks = looks.iter().map(|look| (look.binding, look.seen)).collect();
                        (None, looks, test.expect("it suspends"))
                    }
                    Some(Guard::Code(guard)) => {
                        let mut guard = guard.clone();
                        self.redirect(&mut guard);
                        (Some(guard), Vec::new(), candidate.take)
                    }
                    None => (None, Vec::new(), candidate.take),
                };
                SelectArm { pat, guard, looks, target }
            });
            let arms = arms.collect();
            let scrutinee = scrutinee.clone();
            self.terminate(Terminator::Select { scrutinee, arms, otherwise: next });
            if let (Some(test), Some(candidate)) = (test, now.last()) {
                self.start(test);
                self.test(candidate, next);
            }
            match next {
                Some(next) => self.start(next),
                None => return,
            }
            rest = later;
        }
    }

    /// Evaluates a guard that suspends; if it does not hold, the search goes on in `next`.
    fn test(&mut self, candidate: &Candidate<'_>, next: Option<BlockId>) {
        let Some(Guard::Suspends { condition, looks }) = &candidate.case.guard else { return };
        self.open_scope();
        let holds = self.temporary("holds");
        self.body.locals[holds].is_plain = true;
        self.body.locals[holds].is_copy = true;
        self.declare(holds);
        self.open_scope();
        for Look { seen, .. } in looks {
            self.enter_scope(*seen);
            self.push(Statement::Bound(*seen));
        }
        for Look { seen, reference, .. } in looks {
            let seen = self.local(*seen);
            let value = parse_quote!(::coframe::__private::seen(&raw const #seen));
            self.declare(*reference);
            self.push(Statement::Init { local: *reference, value });
        }
        self.expr(condition, Dest::Local(holds));
        self.close_scope();
        let condition = self.local(holds);
        let otherwise = next.unwrap_or_else(|| self.new_block(false));
        let then = candidate.take;
        self.terminate(Terminator::If { condition, then, otherwise });
        self.scopes.pop();
    }

    /// Takes the bindings of an arm, whichever of its candidates was found, and goes on in the
    /// scope of the bindings.
    fn take_bindings(&mut self, scrutinee: &Code, candidates: &[&Candidate<'_>]) {
        let join = (candidates.len() > 1).then(|| self.new_block(true));
        let mut bound: Vec<LocalId> = Vec::new();
        let cases = || candidates.iter().map(|candidate| candidate.case);
        let holders = cases().filter_map(|case| case.holder);
        bound.extend(holders.filter(|holder| !self.is_open(*holder)));
        let all: Vec<LocalId> = cases().flat_map(|case| self.bound_by(&case.taking)).collect();
        let is_rest = |local: &LocalId| self.body.locals[*local].kind == LocalKind::Temporary;
        let (rests, own): (Vec<LocalId>, Vec<LocalId>) = all.into_iter().partition(is_rest);
        for local in rests.into_iter().chain(own) {
            if !bound.contains(&local) {
                bound.push(local);
            }
        }
        self.body.declared.extend(&bound);
        for candidate in candidates {
            self.start(candidate.take);
            self.scopes.push(Vec::new());
            self.take(scrutinee, candidate.case);
            if let Some(join) = join {
                self.terminate(Terminator::Goto(join));
                self.scopes.pop();
            }
        }
        if let Some(join) = join {
            self.scopes.push(bound);
            self.start(join);
        }
    }

    fn take(&mut self, scrutinee: &Code, case: &Case) {
        if case.holder.is_none() && bindings(&case.taking).is_empty() {
            return;
        }
        let target = self.new_block(false);
        let pat = case.taking.clone();
        if let Some(holder) = case.holder.filter(|holder| !self.is_open(*holder)) {
            self.bind(holder);
            self.push(Statement::Declare(holder));
        }
        let taken = destructure::taken_by(
            Some(&self.body.locals),
            scrutinee,
            std::iter::once(&case.taking),
        );
        let value = crate::hir::root_local(scrutinee);
        let arms = vec![Arm { pat, guard: None, target }];
        self.terminate(match (case.holder, value) {
            (Some(holder), Some(_)) => Terminator::Split { place: scrutinee.clone(), holder, arms },
            _ => Terminator::Match { scrutinee: scrutinee.clone(), arms, taken },
        });
        self.start(target);
        if let Some(holder) = case.holder {
            self.push(Statement::Bound(holder));
        }
        if let (Some(local), Takes::All) = (taken, destructure::takes(&case.taking)) {
            self.push(Statement::Taken(local));
        }
        for local in self.bound_by(&case.taking) {
            self.bind(local);
            self.push(Statement::Bound(local));
        }
    }

    /// Whether the scope of a local is open: the holder of an operand lives as long as temporaries.
    fn is_open(&self, local: LocalId) -> bool {
        self.scopes.iter().flatten().any(|open| *open == local)
    }

    /// Begins the scope of a binding, which is declared already: candidates may share it.
    fn bind(&mut self, local: LocalId) {
        self.scopes.last_mut().expect("a scope is open").push(local);
        self.body.locals[local].depth = self.scopes.len();
    }
}
