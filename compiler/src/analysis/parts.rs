//! Which parts of kept locals are taken out of them by value: `pair.0`, `*boxed`.
//!
//! Only rustc knows whether that moves or copies, and which are the other parts. So the slot of such
//! a local has a mark for each of these parts, of a type that rustc chooses, and code that drops
//! what is left.

use std::collections::{HashMap, HashSet};

use quote::ToTokens;
use syn::Expr;

use super::{Analysis, Home, begins};
use crate::hir::destructure::{is_binding, takes_part};
use crate::hir::uses::{self, Certainty, UseKind, Visitor};
use crate::hir::{LocalId, LocalKind, without_occurrence};
use crate::mir::{BlockId, Body, Statement, Terminator, jumps_of};

/// The parts of each local.
#[derive(Debug, Default)]
pub struct Parts {
    /// As expressions that name the local.
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
    pub(super) fn locals(&self) -> impl Iterator<Item = LocalId> {
        self.parts.keys().copied()
    }

    /// The number of a part.
    pub fn number(&self, local: LocalId, part: &Expr) -> Option<usize> {
        let text = text_of(part);
        self.of(local).iter().position(|known| text_of(known) == text)
    }

    /// The parts that lie inside a part.
    pub fn inside(&self, local: LocalId, part: &Expr) -> Vec<usize> {
        let text = text_of(part);
        let numbered = self.of(local).iter().enumerate();
        numbered.filter(|(_, known)| is_inside(known, &text)).map(|(number, _)| number).collect()
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
    let mut collect = Collect { body, analysis, at, jumps: false, parts: Parts::default() };
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
        for code in block.terminator_code() {
            match &block.terminator {
                Terminator::LetElse { .. } | Terminator::Match { .. } => {
                    uses::walk_place(&mut code.clone(), &mut collect);
                }
                _ => uses::walk_value(&mut code.clone(), &mut collect),
            }
        }
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
    parts: Parts,
}

impl Visitor for Collect<'_> {
    fn local(&mut self, _: &mut Expr, _: LocalId, _: UseKind, _: Certainty) {}

    fn assign(&mut self, _: &mut Expr, _: LocalId, _: Certainty) {}

    fn part(&mut self, expr: &mut Expr, local: LocalId, certainty: Certainty) -> bool {
        let declared = &self.body.locals[local];
        let is_named = matches!(declared.kind, LocalKind::Argument | LocalKind::Binding);
        let is_kept = self.body.declared.contains(&local)
            && self.analysis.homes[local] != Home::Block
            && !declared.is_plain
            && is_named;
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
