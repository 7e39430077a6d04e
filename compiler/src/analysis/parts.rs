//! Which parts of kept locals are taken out of them by value: `pair.0`, `*boxed`.
//!
//! Only rustc knows whether that moves or copies, and which are the other parts. So the slot of such
//! a local has a mark for each of these parts, of a type that rustc chooses, and code that drops
//! what is left.

use std::collections::{HashMap, HashSet};

use quote::ToTokens;
use syn::{Expr, ExprMatch};

use super::{Analysis, Home, begins};
use crate::hir::destructure::{is_binding, takes_part};
use crate::hir::uses::{self, Certainty, UseKind, Visitor};
use crate::hir::{
    LocalId, LocalKind, Touch, bindings, part_mark, parted_locals, paths_in, root_local,
    scrutinee_mark, steps_to, touch, without_occurrence,
};
use crate::mir::{BlockId, Body, Statement, Terminator, jumps_of};

/// The parts of each local.
#[derive(Debug, Default)]
pub struct Parts {
    /// As expressions that name the local: a place, a marked call of which it is the receiver, or a
    /// marked closure that captures parts of it.
    parts: HashMap<LocalId, Vec<Expr>>,
    /// The statements that take one, by their number in a block; the terminator is after the last.
    taken: HashSet<(LocalId, BlockId, usize)>,
}

impl Parts {
    /// The parts of a local; empty if it is only taken as a whole.
    pub fn of(&self, local: LocalId) -> &[Expr] {
        self.parts.get(&local).map_or(&[], Vec::as_slice)
    }

    /// The locals that have parts.
    pub fn locals(&self) -> impl Iterator<Item = LocalId> {
        self.parts.keys().copied()
    }

    /// The number of a part.
    pub fn number(&self, local: LocalId, part: &Expr) -> Option<usize> {
        let text = text_of(part);
        self.of(local).iter().position(|known| text_of(known) == text)
    }

    /// The marked call or match with a number: the local that it may take a part of, which part that
    /// is, and the code.
    pub fn marked(&self, number: usize) -> Option<(LocalId, usize, &Expr)> {
        let is_it = |part: &Expr| match part {
            Expr::MethodCall(call) => part_mark(call) == Some(number),
            Expr::Match(matching) => scrutinee_mark(&matching.expr) == Some(number),
            _ => false,
        };
        self.locals().find_map(|local| {
            let mut parts = self.of(local).iter().enumerate();
            parts.find(|(_, part)| is_it(part)).map(|(index, part)| (local, index, part))
        })
    }

    /// The places in a local that may be taken with a part.
    pub fn places(&self, local: LocalId, part: &Expr) -> Vec<Expr> {
        match part {
            Expr::MethodCall(call) => vec![(*call.receiver).clone()],
            Expr::Match(matching) => vec![(*matching.expr).clone()],
            Expr::Closure(_) | Expr::Async(_) => paths_in(part, local).unwrap_or_default(),
            place => vec![place.clone()],
        }
    }

    /// Whether a part has something in it that another one has as well.
    pub fn overlap(&self, local: LocalId, part: &Expr, other: &Expr) -> bool {
        let (places, others) = (self.places(local, part), self.places(local, other));
        places.iter().any(|place| others.iter().any(|other| do_overlap(place, other)))
    }

    /// Whether a part may still be taken when another one is gone, which is a place or a code with a
    /// mark: it lies beside what the arm of a match with this number, from zero on, takes.
    pub fn is_beside(&self, local: LocalId, matching: &ExprMatch, arm: usize, part: &Expr) -> bool {
        let is_outer = |place: &Expr| is_same_place(place, &matching.expr);
        let places = self.places(local, part);
        places.iter().filter(|place| do_overlap(place, &matching.expr)).all(|place| {
            let steps = steps_to(place, &is_outer).filter(|steps| !steps.is_empty());
            let touched = steps.map(|steps| touch(&matching.arms[arm].pat, &steps));
            matches!(touched, Some(Touch::Nothing | Touch::Unknown))
        })
    }

    /// The matches of a place around this one, with the numbers of their arms, from one on, that take
    /// this place and nothing else.
    pub fn taken_at(&self, local: LocalId, place: &Expr) -> Vec<(usize, Vec<u8>)> {
        let arms_of = |part: &Expr| {
            let Expr::Match(matching) = part else { return Vec::new() };
            let is_outer = |outer: &Expr| is_same_place(outer, &matching.expr);
            let steps = steps_to(place, &is_outer).filter(|steps| !steps.is_empty());
            let Some(steps) = steps else { return Vec::new() };
            let is_taken = |pat| touch(pat, &steps) == Touch::Exactly;
            let arms = (1..).zip(&matching.arms).filter(|(_, arm)| is_taken(&arm.pat));
            arms.map(|(number, _)| number).collect()
        };
        let numbered = self.of(local).iter().map(arms_of).enumerate();
        numbered.filter(|(_, arms)| !arms.is_empty()).collect()
    }

    /// The parts that are gone just if a place is.
    pub fn at(&self, local: LocalId, place: &Expr) -> Vec<usize> {
        let is_same = |part: &&Expr| match &self.places(local, part)[..] {
            [only] => text_of(only) == text_of(place) && !matches!(part, Expr::Match(_)),
            _ => false,
        };
        let numbered = self.of(local).iter().enumerate();
        numbered.filter(|(_, part)| is_same(part)).map(|(number, _)| number).collect()
    }

    /// Whether all of a part lies inside a place.
    pub fn is_all_inside(&self, local: LocalId, number: usize, place: &Expr) -> bool {
        let places = self.places(local, &self.of(local)[number]);
        places.iter().all(|part| is_in_place(part, place))
    }

    /// The parts of which some lies inside a place, and not all is that place.
    pub fn inside(&self, local: LocalId, part: &Expr) -> Vec<usize> {
        let text = text_of(part);
        let numbered = self.of(local).iter().enumerate();
        let is_found = |known: &Expr| {
            let places = self.places(local, known);
            let is_match = matches!(known, Expr::Match(_));
            let is_all = places.len() == 1 && text_of(&places[0]) == text;
            (is_match || !is_all)
                && places.iter().any(|place| text_of(place) == text || is_inside(place, &text))
        };
        numbered.filter(|(_, known)| is_found(known)).map(|(number, _)| number).collect()
    }

    /// Whether a part of a local may have been taken before a statement, and not been given back with
    /// all of it.
    pub fn may_be_taken(&self, body: &Body, at: (BlockId, usize), local: LocalId) -> bool {
        if self.of(local).is_empty() {
            return false;
        }
        let (mut open, mut seen) = (vec![at], HashSet::new());
        while let Some((block, end)) = open.pop() {
            let takes = |index: &usize| self.taken.contains(&(local, block, *index));
            let is_filled = |index: &usize| {
                let statement = body.blocks[block].statements.get(*index);
                statement.is_some_and(|statement| begins(body, statement, local))
            };
            match (0..end).rev().find(|index| takes(index) || is_filled(index)) {
                Some(index) if is_filled(&index) => continue,
                Some(_) => return true,
                None if !seen.insert(block) => continue,
                None => {}
            }
            for (from, other) in body.blocks.iter_enumerated() {
                let count = other.statements.len();
                if other.terminator.successors().contains(&block) {
                    open.push((from, count + 1));
                }
                let jumps = |index: &usize| other.statements[*index].jumps().contains(&block);
                open.extend((0..count).filter(jumps).map(|index| (from, index + 1)));
            }
        }
        false
    }
}

/// Text that is the same for the same part.
fn text_of(part: &Expr) -> String {
    match part {
        Expr::Paren(paren) => text_of(&paren.expr),
        Expr::Field(field) => {
            format!("{}.{}", text_of(&field.base), field.member.to_token_stream())
        }
        Expr::Unary(unary) => format!("*{}", text_of(&unary.expr)),
        other => without_occurrence(&other.to_token_stream().to_string()).to_owned(),
    }
}

/// Whether one of two places is the other, or in it.
pub(crate) fn do_overlap(place: &Expr, other: &Expr) -> bool {
    let (one, two) = (text_of(place), text_of(other));
    one == two || is_inside(place, &two) || is_inside(other, &one)
}

/// Whether a place is another one, or in it.
pub(crate) fn is_in_place(place: &Expr, outer: &Expr) -> bool {
    is_same_place(place, outer) || is_inside(place, &text_of(outer))
}

/// Whether two expressions are the same place.
pub(crate) fn is_same_place(place: &Expr, other: &Expr) -> bool {
    text_of(place) == text_of(other)
}

fn is_inside(part: &Expr, outer: &str) -> bool {
    let base = match part {
        Expr::Paren(paren) => return is_inside(&paren.expr, outer),
        Expr::Field(field) => &*field.base,
        Expr::Unary(unary) => &*unary.expr,
        _ => return false,
    };
    text_of(base) == outer || is_inside(base, outer)
}

/// Finds the parts that are taken out of locals which are not kept in their block.
pub(super) fn compute(body: &Body, analysis: &Analysis) -> Parts {
    let at = (body.entry(), 0);
    let mut collect = Collect {
        body,
        analysis,
        at,
        jumps: false,
        looked_at: Vec::new(),
        parts: Parts::default(),
    };
    for id in body.reachable() {
        let block = &body.blocks[id];
        for (index, statement) in block.statements.iter().enumerate() {
            collect.at = (id, index);
            collect.jumps = !statement.jumps().is_empty();
            match statement {
                Statement::Let { pat, value, .. }
                    if !takes_part(pat, value) && !is_binding(pat) =>
                {
                    uses::walk_place(&mut value.clone(), &mut collect);
                }
                Statement::Init { value, .. }
                | Statement::Let { value, .. }
                | Statement::Hold { value, .. } => {
                    uses::walk_value(&mut value.clone(), &mut collect);
                }
                Statement::Eval(stmt) => uses::walk_stmt(&mut stmt.clone(), &mut collect),
                _ => {}
            }
        }
        collect.at = (id, block.statements.len());
        collect.jumps = block.terminator_code().into_iter().any(|code| !jumps_of(code).is_empty());
        if let Terminator::Match { scrutinee, arms, .. } = &block.terminator
            && scrutinee_mark(scrutinee).is_some()
            && let Some(local) = root_local(scrutinee)
        {
            let pats = arms.iter().map(|arm| &arm.pat);
            let mut matching: ExprMatch = syn::parse_quote!(match () { #(#pats => {})* });
            *matching.expr = scrutinee.clone();
            collect.add(&Expr::Match(matching), local, Certainty::Certain);
        }
        if let Some(code) = block.terminator.value() {
            collect.terminator_code(&block.terminator, code);
        }
        for (pat, guard) in block.terminator.guards() {
            collect.looked_at = bindings(pat);
            collect.terminator_code(&block.terminator, guard);
        }
        collect.looked_at.clear();
    }
    collect.parts
}

struct Collect<'a> {
    body: &'a Body,
    analysis: &'a Analysis,
    /// The statement that is walked over.
    at: (BlockId, usize),
    /// Whether control may leave that statement and go on in the function.
    jumps: bool,
    /// The locals that are only looked at: what the pattern before a guard binds.
    looked_at: Vec<LocalId>,
    parts: Parts,
}

impl Visitor for Collect<'_> {
    fn local(&mut self, _: &mut Expr, _: LocalId, _: UseKind, _: Certainty) {}

    fn assign(&mut self, _: &mut Expr, _: LocalId, _: Certainty) {}

    fn part(&mut self, expr: &mut Expr, local: LocalId, certainty: Certainty) -> bool {
        self.add(expr, local, certainty)
    }

    fn closure(&mut self, expr: &mut Expr, certainty: Certainty) -> bool {
        for local in parted_locals(expr) {
            self.add(expr, local, certainty);
        }
        false
    }

    fn take_part_apart(&mut self, matching: &mut ExprMatch, certainty: Certainty) -> bool {
        if let Some(local) = root_local(&matching.expr) {
            let mut part = matching.clone();
            part.arms.iter_mut().for_each(|arm| *arm.body = syn::parse_quote!({}));
            self.add(&Expr::Match(part), local, certainty);
        }
        false
    }

    fn take_by_test(&mut self, test: &mut syn::ExprLet, certainty: Certainty) -> bool {
        if let Some(local) = root_local(&test.expr) {
            let pat = &test.pat;
            let mut matching: ExprMatch = syn::parse_quote!(match () { #pat => {} });
            matching.expr = test.expr.clone();
            self.add(&Expr::Match(matching), local, certainty);
        }
        false
    }

    fn leave(&mut self, expr: &mut Expr) {
        if let Expr::MethodCall(call) = expr
            && part_mark(call).is_some()
            && let Some(local) = root_local(&call.receiver)
        {
            self.add(expr, local, Certainty::Uncertain);
        }
    }
}

impl Collect<'_> {
    fn terminator_code(&mut self, terminator: &Terminator, code: &Expr) {
        match terminator {
            Terminator::LetElse { .. } | Terminator::Match { .. } => {
                uses::walk_place(&mut code.clone(), self);
            }
            _ => uses::walk_value(&mut code.clone(), self),
        }
    }

    /// Notes that a part may be taken here; whether that is noted of parts of the local.
    fn add(&mut self, expr: &Expr, local: LocalId, certainty: Certainty) -> bool {
        let declared = &self.body.locals[local];
        let is_named = matches!(declared.kind, LocalKind::Argument | LocalKind::Binding);
        let is_kept = self.body.declared.contains(&local)
            && self.analysis.homes[local] != Home::Block
            && !declared.is_plain
            && is_named
            && !self.looked_at.contains(&local);
        let goes_on = certainty != Certainty::Leaving || self.jumps;
        if is_kept && goes_on {
            self.parts.taken.insert((local, self.at.0, self.at.1));
        }
        if is_kept && self.parts.number(local, expr).is_none() {
            self.parts.parts.entry(local).or_default().push(expr.clone());
        }
        is_kept
    }
}
