//! Marks matches that may take a local or a part of it apart, which stays where it is: what they leave is
//! used later.
//!
//! The mark says which arm has taken what its pattern binds by value, so what is left is known when it is
//! dropped. It has no size if all that is bound is `Copy`.

use syn::visit::{self, Visit};
use syn::{Expr, ExprAssign, ExprMatch, Pat, parse_quote};

use super::parts::{self, Parted};
use super::receivers::Receiver;
use super::split;
use crate::analysis;
use crate::ast::macros;
use crate::hir::{
    self, LocalId, Touch, destructure, mark_scrutinee, occurrence, root_local, root_of,
    scrutinee_mark,
};
use crate::mir::{Arm, BlockId, Body, Statement, Terminator};

/// How many arms a mark can tell apart.
const ARMS_MAX: usize = 250;

/// Whether something of a local may be taken by a match that can be marked.
pub(super) fn may_take(body: &Body, at: (BlockId, usize), receiver: &Receiver) -> bool {
    let Some(matching) = find(body, at, receiver) else { return false };
    scrutinee_mark(&matching.expr).is_none()
        && is_match_of(&matching.expr, receiver)
        && matching.arms.len() <= ARMS_MAX
        && matching.arms.iter().any(|arm| destructure::binds_by_value(&arm.pat))
        && matching.arms.iter().all(|arm| is_certain(&arm.pat))
        && !is_refilled_inside(body, receiver.local, &matching)
}

/// Whether an expression is what a match takes apart at the use that was found.
pub(super) fn is_match_of(place: &Expr, receiver: &Receiver) -> bool {
    scrutinee_mark(place).is_none()
        && root_local(place) == Some(receiver.local)
        && receiver.occurrence.is_some()
        && occurrence(root_of(place)) == receiver.occurrence
}

/// The match that a `let` is.
pub(super) fn matched_by(local: &syn::Local) -> Option<Expr> {
    let init = local.init.as_ref()?;
    match &local.pat {
        Pat::Type(typed) if init.diverge.is_some() => Some(matched([&*typed.pat], &init.expr)),
        Pat::Type(_) => None,
        pat => Some(matched([pat], &init.expr)),
    }
    .map(Expr::Match)
}

#[allow(single_use_lifetimes, reason = "an item of an iterator cannot have an elided lifetime")]
fn matched<'p>(pats: impl IntoIterator<Item = &'p Pat>, place: &Expr) -> ExprMatch {
    let pats = pats.into_iter();
    let matching: ExprMatch = parse_quote!(match () { #(#pats => {})* });
    ExprMatch { expr: Box::new(place.clone()), ..matching }
}

/// The match in a statement or at the end of a block.
fn find(body: &Body, at: (BlockId, usize), receiver: &Receiver) -> Option<ExprMatch> {
    let block = &body.blocks[at.0];
    match (block.statements.get(at.1), &block.terminator) {
        (Some(Statement::Let { pat, ty: None, value, .. }), _) if is_match_of(value, receiver) => {
            Some(matched([pat], value))
        }
        (None, Terminator::Match { scrutinee, arms, taken: None })
            if is_match_of(scrutinee, receiver) =>
        {
            let mut found = matched(arms.iter().map(|arm| &arm.pat), scrutinee);
            for (arm, found) in arms.iter().zip(&mut found.arms) {
                if let Some(guard) = &arm.guard {
                    found.pat = with_guard(&arm.pat, guard);
                }
            }
            Some(found)
        }
        (None, Terminator::LetElse { pat, ty: None, value, .. })
            if is_match_of(value, receiver) =>
        {
            Some(matched([pat], value))
        }
        _ => match parts::find(body, at, receiver)? {
            Expr::Match(matching) => {
                Some(matching).filter(|it| destructure::as_match_of_value(it).is_none())
            }
            Expr::Let(test) => Some(matched([&*test.pat], &test.expr)),
            _ => None,
        },
    }
}

fn with_guard(pat: &Pat, guard: &Expr) -> Pat {
    let arm: syn::Arm = parse_quote!(_ if #guard => {});
    match arm.pat {
        Pat::Guard(guarded) => Pat::Guard(syn::PatGuard { pat: Box::new(pat.clone()), ..guarded }),
        other => other,
    }
}

/// Whether the number of an arm tells what it has taken: a guard may choose among alternatives.
fn is_certain(pat: &Pat) -> bool {
    struct FindOr(bool);
    impl<'ast> Visit<'ast> for FindOr {
        fn visit_pat_or(&mut self, or: &'ast syn::PatOr) {
            self.0 |= or.cases.iter().any(destructure::binds_by_value);
        }
        fn visit_expr(&mut self, _: &'ast Expr) {}
    }
    let Pat::Guard(guarded) = pat else { return true };
    let mut find = FindOr(false);
    find.visit_pat(&guarded.pat);
    !find.0
}

/// Whether a place in what a match takes apart may get a value again, and the mark could not tell.
fn is_refilled_inside(body: &Body, local: LocalId, matching: &ExprMatch) -> bool {
    let mut find = FindRefill { local, matching, is_found: false };
    for block in body.blocks.iter() {
        for statement in &block.statements {
            match statement {
                Statement::Eval(stmt) => find.visit_stmt(stmt),
                Statement::Init { value, .. }
                | Statement::Let { value, .. }
                | Statement::Hold { value, .. } => find.visit_expr(value),
                _ => {}
            }
        }
        block.terminator_code().into_iter().for_each(|code| find.visit_expr(code));
    }
    find.is_found
}

struct FindRefill<'a> {
    local: LocalId,
    matching: &'a ExprMatch,
    is_found: bool,
}

impl FindRefill<'_> {
    fn is_refill(&self, left: &Expr) -> bool {
        let outer = &self.matching.expr;
        let is_outer = |place: &Expr| analysis::is_same_place(place, outer);
        let Some(steps) = hir::steps_to(left, &is_outer).filter(|steps| !steps.is_empty()) else {
            return false;
        };
        self.matching.arms.iter().any(|arm| match hir::touch(&arm.pat, &steps) {
            // What was moved out gets no value in parts.
            Touch::Nothing | Touch::Around => false,
            Touch::Exactly => hir::taken_bindings(&arm.pat).len() > 1,
            Touch::Inside | Touch::Unknown => true,
        })
    }
}

impl<'ast> Visit<'ast> for FindRefill<'_> {
    fn visit_expr_assign(&mut self, assign: &'ast ExprAssign) {
        self.is_found |= match root_local(&assign.left) {
            Some(local) => local == self.local && self.is_refill(&assign.left),
            None => hir::locals_in(&quote::ToTokens::to_token_stream(&assign.left))
                .contains(&self.local),
        };
        visit::visit_expr_assign(self, assign);
    }

    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        let arguments = macros::arguments(mac);
        arguments.iter().flatten().for_each(|argument| self.visit_expr(&argument.expr));
    }
}

/// Marks a `let` or the match at the end of a block; false if the match is in the midst of code.
pub(super) fn mark(body: &mut Body, parted: &Parted, number: usize) -> bool {
    let block = &mut body.blocks[parted.block];
    if parted.index == block.statements.len() {
        let is_end = match &block.terminator {
            Terminator::Match { scrutinee: place, taken: None, .. }
            | Terminator::LetElse { value: place, ty: None, .. } => {
                is_match_of(place, &parted.receiver)
            }
            _ => false,
        };
        if is_end {
            mark_end(block, number);
        }
        return is_end;
    }
    let is_let = matches!(&block.statements[parted.index],
        Statement::Let { value, .. } if is_match_of(value, &parted.receiver));
    if is_let {
        let (mut scrutinee, arms) = split::at_let(body, parted.block, parted.index);
        mark_scrutinee(&mut scrutinee, number);
        let terminator = Terminator::Match { scrutinee, arms, taken: None };
        body.blocks[parted.block].terminator = terminator;
    }
    is_let
}

/// Marks a terminator.
fn mark_end(block: &mut crate::mir::Block, number: usize) {
    let terminator = &mut block.terminator;
    *terminator = match std::mem::replace(terminator, Terminator::Unreachable) {
        Terminator::LetElse { pat, value, then, otherwise, .. } => {
            let arm = |pat, target| Arm { pat, guard: None, target };
            let arms = vec![arm(pat, then), arm(parse_quote!(_), otherwise)];
            Terminator::Match { scrutinee: value, arms, taken: None }
        }
        other => other,
    };
    if let Terminator::Match { scrutinee, .. } = terminator {
        mark_scrutinee(scrutinee, number);
    }
}
