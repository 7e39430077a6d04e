//! Which kept locals hold arrays that patterns take elements out of, and how what they hold is dropped.
//!
//! An array is dropped from its first element to its last, unless an element may be missing: then rustc
//! drops it element by element, from the last to the first. It decides that for each place where drops are
//! made, and there is one such place for all panics, one for all suspensions, one for all `return`s and `?`,
//! and one where the scope ends.

use std::collections::{HashMap, HashSet};

use syn::visit::{self, Visit};
use syn::{Expr, ExprMatch, Pat, Stmt};

use super::events::{Event, takes};
use super::{Analysis, Home};
use crate::ast::macros;
use crate::hir::destructure::{
    binds_by_value, is_known_variant, reached, reached_in, takes_elements,
};
use crate::hir::{LocalId, bindings, root_local};
use crate::mir::{Arm, BlockId, Body, Statement, Terminator};

/// A point in the graph: before a statement of a block, or before or after its terminator.
pub(super) type Point = (BlockId, usize);

/// What is known of the locals with such arrays.
#[derive(Debug, Default)]
pub struct Elements {
    locals: HashMap<LocalId, Taken>,
    is_any_taken: bool,
}

/// What takes elements of a local, and where elements may be missing when it is dropped.
#[derive(Debug)]
struct Taken {
    /// Matches of the local or a part of it.
    by: Vec<ExprMatch>,
    /// When the coroutine returns.
    at_end: bool,
    /// When the suspended frame is dropped.
    suspended: bool,
    /// When another value is assigned.
    assigned: bool,
}

impl Elements {
    /// The matches that take elements of a local.
    pub fn of(&self, local: LocalId) -> &[ExprMatch] {
        self.locals.get(&local).map_or(&[], |taken| &taken.by)
    }

    /// Whether elements of any kept local are taken.
    pub fn is_empty(&self) -> bool {
        self.locals.is_empty()
    }

    /// Whether elements of anything are taken.
    pub fn is_any_taken(&self) -> bool {
        self.is_any_taken
    }

    /// Whether elements of a local may be missing when the coroutine returns.
    pub fn may_be_missing_at_end(&self, local: LocalId) -> bool {
        self.locals.get(&local).is_some_and(|taken| taken.at_end)
    }

    /// Whether elements of a local may be missing when the suspended frame is dropped.
    pub fn may_be_missing_suspended(&self, local: LocalId) -> bool {
        self.locals.get(&local).is_some_and(|taken| taken.suspended)
    }

    /// Whether elements of a local may be missing when another value is assigned to it.
    pub fn may_be_missing_when_assigned(&self, local: LocalId) -> bool {
        self.locals.get(&local).is_some_and(|taken| taken.assigned)
    }
}

impl Analysis {
    /// Whether elements of a local may be missing at a point where it is dropped, if it holds a value there.
    pub fn may_miss_elements(&self, body: &Body, at: Point, local: LocalId) -> bool {
        self.init.before(at.0, at.1, local).maybe_empty
            || Ends { body, analysis: self, local }.may_be_lost(at)
    }
}

/// Finds the locals.
pub(super) fn compute(body: &Body, analysis: &Analysis) -> Elements {
    let mut find = Find::default();
    for id in body.reachable() {
        let block = &body.blocks[id];
        block.statements.iter().for_each(|statement| find.statement(statement));
        find.terminator(&block.terminator);
    }
    let Find { locals: mut found, is_any_taken } = find;
    for (local, variable) in moved(body) {
        let by = found.remove(&variable).unwrap_or_default();
        if !by.is_empty() {
            found.entry(local).or_default().extend(by);
        }
    }
    found.retain(|local, _| {
        let declared = &body.locals[*local];
        body.declared.contains(local) && analysis.homes[*local] != Home::Block && !declared.is_plain
    });
    let taken = |(local, by)| {
        let ends = Ends { body, analysis, local };
        let (at_end, suspended) = (ends.at_returns(), ends.when_suspended());
        (local, Taken { by, at_end, suspended, assigned: ends.when_assigned() })
    };
    Elements { locals: found.into_iter().map(taken).collect(), is_any_taken }
}

/// The locals whose values move to variables, which rustc shall judge, with these variables.
fn moved(body: &Body) -> Vec<(LocalId, LocalId)> {
    let statements = body.blocks.iter().flat_map(|block| &block.statements);
    let moves = statements.flat_map(|statement| match statement {
        Statement::Later { local, variable } => vec![(*local, *variable)],
        Statement::Hold { moves, .. } => moves.clone(),
        _ => Vec::new(),
    });
    moves.collect()
}

/// Finds the matches that take elements.
#[derive(Default)]
struct Find {
    locals: HashMap<LocalId, Vec<ExprMatch>>,
    /// Whether any are taken, be it out of a value without a name.
    is_any_taken: bool,
}

impl Find {
    fn statement(&mut self, statement: &Statement) {
        match statement {
            Statement::Let { pat, value, .. } => {
                self.matched(value, &[pat]);
                self.visit_expr(value);
            }
            Statement::Init { value, .. } | Statement::Hold { value, .. } => self.visit_expr(value),
            Statement::Eval(stmt) => self.visit_stmt(stmt),
            _ => {}
        }
    }

    fn terminator(&mut self, terminator: &Terminator) {
        match terminator {
            Terminator::LetElse { pat, value, .. } => {
                self.matched(value, &[pat]);
                self.visit_expr(value);
            }
            Terminator::Match { scrutinee: value, arms, .. }
            | Terminator::Split { place: value, arms, .. } => {
                let arms = arms.iter().map(|arm| (&arm.pat, arm.guard.is_some()));
                self.matched(value, &reached(arms));
                self.visit_expr(value);
            }
            Terminator::If { condition: value, .. }
            | Terminator::Suspend { value: Some(value), .. }
            | Terminator::Return { value: Some(value) } => self.visit_expr(value),
            _ => {}
        }
    }

    /// Notes a match that takes elements.
    fn matched(&mut self, value: &Expr, pats: &[&Pat]) {
        let pats: Vec<&&Pat> = pats.iter().filter(|pat| takes_elements(pat)).collect();
        self.is_any_taken |= !pats.is_empty();
        let local = root_local(value).filter(|_| !pats.is_empty());
        if let Some(local) = local {
            let mut matching: ExprMatch = syn::parse_quote!(match () { #(#pats => {})* });
            *matching.expr = value.clone();
            self.locals.entry(local).or_default().push(matching);
        }
    }
}

impl<'ast> Visit<'ast> for Find {
    fn visit_expr_match(&mut self, matching: &'ast ExprMatch) {
        self.matched(&matching.expr, &reached_in(matching));
        visit::visit_expr_match(self, matching);
    }

    fn visit_expr_let(&mut self, test: &'ast syn::ExprLet) {
        self.matched(&test.expr, &[&test.pat]);
        visit::visit_expr_let(self, test);
    }

    fn visit_local(&mut self, local: &'ast syn::Local) {
        if let Some(init) = &local.init {
            self.matched(&init.expr, &[&local.pat]);
        }
        visit::visit_local(self, local);
    }

    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        let arguments = macros::arguments(mac);
        arguments.iter().flatten().for_each(|argument| self.visit_expr(&argument.expr));
    }

    fn visit_expr_closure(&mut self, _: &'ast syn::ExprClosure) {}
    fn visit_expr_async(&mut self, _: &'ast syn::ExprAsync) {}
    fn visit_item(&mut self, _: &'ast syn::Item) {}
}

/// Whether a pattern may take something out of a variant of an enum that is an element of an array, or
/// has such an array.
fn takes_out_of_variants(pat: &Pat) -> bool {
    struct FindVariant {
        is_element: bool,
        is_found: bool,
    }
    impl<'ast> Visit<'ast> for FindVariant {
        fn visit_pat_slice(&mut self, slice: &'ast syn::PatSlice) {
            let was_element = std::mem::replace(&mut self.is_element, true);
            visit::visit_pat_slice(self, slice);
            self.is_element = was_element;
        }
        fn visit_pat_tuple_struct(&mut self, inner: &'ast syn::PatTupleStruct) {
            let takes = inner.elems.iter().any(binds_by_value);
            let has_array = || inner.elems.iter().any(takes_elements);
            self.is_found |= takes && is_variant(&inner.path) && (self.is_element || has_array());
            visit::visit_pat_tuple_struct(self, inner);
        }
        fn visit_pat_struct(&mut self, inner: &'ast syn::PatStruct) {
            let takes = inner.fields.iter().any(|field| binds_by_value(&field.pat));
            let has_array = || inner.fields.iter().any(|field| takes_elements(&field.pat));
            self.is_found |= takes && is_variant(&inner.path) && (self.is_element || has_array());
            visit::visit_pat_struct(self, inner);
        }
        fn visit_expr(&mut self, _: &'ast Expr) {}
    }
    let mut find = FindVariant { is_element: false, is_found: false };
    find.visit_pat(pat);
    find.is_found
}

/// Whether a path seems to name a variant of an enum, and not a struct.
fn is_variant(path: &syn::Path) -> bool {
    path.segments.len() > 1 || is_known_variant(path)
}

/// Where a local is dropped.
struct Ends<'a> {
    body: &'a Body,
    analysis: &'a Analysis,
    local: LocalId,
}

impl Ends<'_> {
    fn at_returns(&self) -> bool {
        let (mut early, mut late) = (Vec::new(), Vec::new());
        for id in self.body.reachable() {
            let block = &self.body.blocks[id];
            let indices = 0..=block.statements.len();
            let leaving = indices.filter(|index| !block.leaves(*index).is_empty());
            early.extend(leaving.map(|index| (id, index)));
            if let Terminator::Return { .. } = block.terminator {
                let ends = if self.body.left.contains(&id) { &mut early } else { &mut late };
                ends.push((id, block.statements.len() + 1));
            }
        }
        self.is_mixed(&early, |point| self.may_be_lost(point) || self.is_lost_leaving(point))
            || self.is_mixed(&late, |point| self.may_be_lost(point))
    }

    /// Whether a statement takes the value and leaves the coroutine then.
    fn is_lost_leaving(&self, (block, index): Point) -> bool {
        let leaves = self.body.blocks[block].leaves(index);
        leaves.iter().any(|leave| takes(self.body, leave, self.local))
    }

    fn when_suspended(&self) -> bool {
        let end = |block: BlockId| (block, self.body.blocks[block].statements.len() + 1);
        let suspensions = self.analysis.suspensions.iter();
        let points: Vec<_> = suspensions.map(|suspension| end(suspension.block)).collect();
        self.is_mixed(&points, |point| self.may_be_lost(point))
    }

    fn when_assigned(&self) -> bool {
        let mut points = Vec::new();
        for id in self.body.reachable() {
            let statements = self.body.blocks[id].statements.iter().enumerate();
            let assigning = statements.filter(|(index, statement)| {
                matches!(statement, Statement::Eval(Stmt::Expr(..)))
                    && self.analysis.events.filled_by(id, *index).any(|local| local == self.local)
            });
            points.extend(assigning.map(|(index, _)| (id, index)));
        }
        points.into_iter().any(|point| self.is_mixed(&[point], |point| self.may_be_lost(point)))
    }

    /// Whether the local has its value at one of some points, and may have lost it at one.
    fn is_mixed(&self, points: &[Point], may_be_lost: impl Fn(Point) -> bool) -> bool {
        let is_filled =
            |(block, index)| self.analysis.init.before(block, index, self.local).maybe_filled;
        points.iter().any(|point| is_filled(*point))
            && points.iter().any(|point| may_be_lost(*point))
    }

    /// Whether a value of the local was taken on some way to a point, and no other one was given to it.
    fn may_be_lost(&self, point: Point) -> bool {
        let (mut open, mut seen) = (vec![point], HashSet::new());
        while let Some((block, end)) = open.pop() {
            let events = &self.analysis.events;
            let mut indices = (0..end.min(events.end(block) + 1)).rev();
            let found = indices.find_map(|index| self.is_lost_by(block, index));
            match found {
                Some(true) => return true,
                Some(false) => continue,
                None if self.is_lost_by_test(block) => return true,
                None if !seen.insert(block) => continue,
                None => open.extend(self.before(block)),
            }
        }
        false
    }

    /// Whether a statement takes the value, if it does anything to it or begins or ends the scope.
    fn is_lost_by(&self, block: BlockId, index: usize) -> Option<bool> {
        let statement = self.body.blocks[block].statements.get(index);
        match statement {
            Some(Statement::Declare(local) | Statement::Drop { local, .. })
                if *local == self.local =>
            {
                return Some(false);
            }
            Some(Statement::Bound(local)) if *local == self.local => {
                return Some(self.is_lost_by_test(block));
            }
            _ => {}
        }
        let steps = self.analysis.events.at(block, index).iter();
        let own = steps.filter(|(local, ..)| *local == self.local).map(|(_, event, _)| *event);
        own.rev().find_map(|event| match event {
            Event::Take | Event::Clear => Some(true),
            Event::TakeLeaving if !self.analysis.events.jumps(block, index).is_empty() => {
                Some(true)
            }
            Event::Fill | Event::Refill => Some(false),
            Event::TakeLeaving | Event::Use { .. } | Event::Discard => None,
        })
    }

    /// Whether control gets to a block when the local was not taken apart because of what its elements are:
    /// what a pattern would take out of one is not there then, and rustc counts it as taken.
    fn is_lost_by_test(&self, block: BlockId) -> bool {
        self.body.blocks.iter().any(|from| match &from.terminator {
            Terminator::Match { scrutinee: place, arms, .. }
            | Terminator::Split { place, arms, .. } => {
                let leads_here = |arm: &Arm| arm.target == block && bindings(&arm.pat).is_empty();
                root_local(place) == Some(self.local)
                    && arms.iter().any(leads_here)
                    && arms.iter().any(|arm| takes_out_of_variants(&arm.pat))
            }
            Terminator::LetElse { pat, value, otherwise, .. } => {
                root_local(value) == Some(self.local)
                    && *otherwise == block
                    && takes_out_of_variants(pat)
            }
            _ => false,
        })
    }

    /// The points from which control gets to a block.
    fn before(&self, block: BlockId) -> Vec<Point> {
        let mut points = Vec::new();
        for (from, other) in self.body.blocks.iter_enumerated() {
            let count = other.statements.len();
            if other.terminator.successors().contains(&block) {
                points.push((from, count + 1));
            }
            let jumps = |index: &usize| self.analysis.events.jumps(from, *index).contains(&block);
            points.extend((0..=count).filter(jumps).map(|index| (from, index + 1)));
        }
        points
    }
}
