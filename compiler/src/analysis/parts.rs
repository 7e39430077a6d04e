//! Which parts of kept locals are taken out of them by value: `pair.0`, `*boxed`.
//!
//! Only rustc knows whether that moves or copies, and which are the other parts. So the slot of such
//! a local has a mark for each of these parts, of a type that rustc chooses, and code that drops
//! what is left.

use std::collections::HashMap;

use quote::ToTokens;
use syn::Expr;

use super::{Analysis, Home};
use crate::hir::destructure::takes_part;
use crate::hir::uses::{self, Certainty, UseKind, Visitor};
use crate::hir::{LocalId, LocalKind, without_occurrence};
use crate::mir::{Body, Statement, Terminator};

/// The parts of each local, as expressions that name the local.
#[derive(Debug, Default)]
pub struct Parts(HashMap<LocalId, Vec<Expr>>);

impl Parts {
    /// The parts of a local; empty if it is only taken as a whole.
    pub fn of(&self, local: LocalId) -> &[Expr] {
        self.0.get(&local).map_or(&[], Vec::as_slice)
    }

    /// The locals that have parts.
    pub(super) fn locals(&self) -> impl Iterator<Item = LocalId> {
        self.0.keys().copied()
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
    let mut collect = Collect { body, analysis, parts: Parts::default() };
    for id in body.reachable() {
        let block = &body.blocks[id];
        for statement in &block.statements {
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

/// Whether a pattern only gives a name to a value.
fn is_binding(pat: &syn::Pat) -> bool {
    matches!(pat, syn::Pat::Ident(ident) if ident.by_ref.is_none() && ident.subpat.is_none())
}

struct Collect<'a> {
    body: &'a Body,
    analysis: &'a Analysis,
    parts: Parts,
}

impl Visitor for Collect<'_> {
    fn local(&mut self, _: &mut Expr, _: LocalId, _: UseKind, _: Certainty) {}

    fn assign(&mut self, _: &mut Expr, _: LocalId, _: Certainty) {}

    fn part(&mut self, expr: &mut Expr, local: LocalId, _: Certainty) -> bool {
        let declared = &self.body.locals[local];
        let is_named = matches!(declared.kind, LocalKind::Argument | LocalKind::Binding);
        let is_kept = self.body.declared.contains(&local)
            && self.analysis.homes[local] != Home::Block
            && !declared.is_plain
            && is_named;
        if is_kept && self.parts.number(local, expr).is_none() {
            self.parts.0.entry(local).or_default().push(expr.clone());
        }
        is_kept
    }
}
