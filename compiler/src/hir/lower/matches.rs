//! `if`, `if let`, `let` chains and `match` around suspensions.

use syn::spanned::Spanned;
use syn::{BinOp, Expr as Syntax, ExprIf, ExprMatch, Pat};

use super::super::{
    Arm, Block, Expr, ExprKind, Label, LocalId, LocalKind, Stmt, as_local, root_local, root_of,
};
use super::guards::suspends_in_guard;
use super::operands::with_temporaries;
use super::{Lowering, pat, place};
use crate::ast::suspends;
use crate::hir::destructure;

impl Lowering {
    /// A match. What its patterns leave in the value lives as long as the temporaries around it, which
    /// matters if the match is an operand.
    pub(super) fn matching(&mut self, matching: &ExprMatch, is_operand: bool) -> ExprKind {
        if matching.arms.iter().any(|arm| suspends_in_guard(&arm.pat)) {
            return self.guarded(matching, is_operand);
        }
        if let Some(matching) = destructure::as_match_of_value(matching) {
            return self.matching(&matching, is_operand);
        }
        let arms = matching.arms.iter().map(|arm| {
            let (pat, guard) = pat::split_guard(&arm.pat);
            (pat, guard, (*arm.body).clone())
        });
        let arms: Vec<_> = arms.collect();
        let scrutinee = &*matching.expr;
        let binds_by_reference =
            matching.arms.iter().any(|arm| destructure::binds_by_reference(&arm.pat));
        let needs_no_drop = !binds_by_reference
            && (matches!(scrutinee, Syntax::Reference(_))
                || matching.arms.iter().any(|arm| pat::shows_number(&arm.pat)));
        let is_part = is_part_of_value(scrutinee);
        let is_value = !place::is_place(scrutinee) && !needs_no_drop;
        let has_remainder = |(pat, _, body): &(Pat, _, Syntax)| {
            suspends(body) && !pat::can_bind_remainder(pat)
                || destructure::binds_by_reference(pat)
                || is_operand && !pat::leaves_nothing(pat)
        };
        let takes_part = |(pat, guard, _): &(Pat, Option<Syntax>, Syntax)| {
            is_part
                && destructure::binds_by_value(pat)
                && !guard.as_ref().is_some_and(place::leaves)
        };
        // A guard that panics drops the operands that wait before the value.
        let runs_guard = is_operand
            && arms.iter().any(|arm| arm.1.as_ref().is_some_and(|it| !place::is_inert(it)));
        let is_split = is_value && (runs_guard || arms.iter().any(has_remainder))
            || arms.iter().any(takes_part);
        let leaves = |guard: &Option<Syntax>| guard.as_ref().is_some_and(place::leaves);
        if is_split && arms.iter().any(|(_, guard, _)| leaves(guard)) {
            return self.guarded(matching, is_operand);
        }
        let arms = arms.into_iter().map(|(mut pat, guard, body)| {
            let body = self.expr(&body);
            if is_value && !is_split && !matches!(body.kind, ExprKind::Code(_)) {
                self.bind_remainder(&mut pat);
            }
            Arm { pat, guard, body }
        });
        let arms = arms.collect();
        if is_split {
            return self.split(scrutinee, arms);
        }
        let mut temporaries = Vec::new();
        let scrutinee = self.operand(scrutinee, &mut temporaries);
        let kind = ExprKind::Match { scrutinee: Box::new(Expr::code(scrutinee)), arms };
        with_temporaries(kind, temporaries)
    }

    /// A match on a value that leaves parts of it in a holder.
    pub(super) fn split(&mut self, scrutinee: &Syntax, arms: Vec<Arm>) -> ExprKind {
        let span = scrutinee.span();
        let mut temporaries = Vec::new();
        let value = self.operand(scrutinee, &mut temporaries);
        let place = self.part_of_named(value, &mut temporaries);
        let holder = self.temporary("rest", LocalKind::Temporary, span);
        let value = Box::new(Expr { span, kind: ExprKind::Split { place, holder, arms } });
        ExprKind::Operands { temporaries, value }
    }

    /// A value as a local or a part of one, which it gets if it is none.
    fn part_of_named(&mut self, value: Syntax, temporaries: &mut Vec<(LocalId, Expr)>) -> Syntax {
        if place::is_place(&value) && root_local(&value).is_some() {
            return value;
        }
        let span = value.span();
        let local = self.named(value, temporaries);
        self.local(local, span)
    }

    /// The local that a value is in, which gets one if it has none.
    pub(super) fn named(
        &mut self,
        value: Syntax,
        temporaries: &mut Vec<(LocalId, Expr)>,
    ) -> LocalId {
        let is_named = |id: &LocalId| self.body.locals[*id].kind == LocalKind::Temporary;
        as_local(&value).filter(is_named).unwrap_or_else(|| {
            let local = self.temporary("value", LocalKind::Temporary, value.span());
            temporaries.push((local, Expr::code(value)));
            local
        })
    }

    /// An `if`, whose value may be ignored.
    pub(super) fn branch(&mut self, branch: &ExprIf, is_ignored: bool) -> ExprKind {
        let otherwise = branch.else_branch.as_ref().map(|(_, otherwise)| &**otherwise);
        match &*branch.cond {
            Syntax::Let(condition) => {
                let otherwise = match otherwise {
                    Some(otherwise) => self.expr(otherwise),
                    None => Expr::code(syn::parse_quote!(())),
                };
                let then = self.block(&branch.then_branch);
                let then = block_expr(then, branch.then_branch.span());
                self.test(condition, then, otherwise, is_ignored)
            }
            condition if holds_let(condition) => self.chain(branch, otherwise),
            condition => ExprKind::If {
                condition: Box::new(self.terminating(condition)),
                then: self.block(&branch.then_branch),
                otherwise: self.optional(otherwise),
            },
        }
    }

    /// `if let pat = value { then } else { otherwise }`.
    pub(super) fn test(
        &mut self,
        condition: &syn::ExprLet,
        then: Expr,
        otherwise: Expr,
        is_ignored: bool,
    ) -> ExprKind {
        let mut pat = (*condition.pat).clone();
        let is_number = pat::shows_number(&pat) && !destructure::binds_by_reference(&pat);
        let keeps_rest = !is_number
            && !place::is_place(&condition.expr)
            && (!matches!(then.kind, ExprKind::Code(_)) || destructure::binds_by_reference(&pat));
        let takes_part = is_part_of_value(&condition.expr) && destructure::binds_by_value(&pat);
        let is_split = keeps_rest && !pat::can_bind_remainder(&pat) || takes_part;
        if keeps_rest && !is_split {
            self.bind_remainder(&mut pat);
        }
        let span = condition.let_token.span();
        let mut wild =
            Pat::Wild(syn::PatWild { attrs: Vec::new(), underscore_token: syn::Token![_](span) });
        let mut temporaries = Vec::new();
        let scrutinee = self.operand(&condition.expr, &mut temporaries);
        let holder = is_split.then(|| self.temporary("rest", LocalKind::Temporary, span));
        let rest = Rest { holder, wild: &mut wild };
        let then = match is_ignored {
            true => self.ended_after_value(then, &pat, &temporaries, holder),
            false => then,
        };
        let ended = self.ended_before_else(condition, &temporaries, &otherwise, rest);
        let otherwise = match ended.is_empty() {
            true => otherwise,
            false => {
                let stmts = vec![Stmt::EndIn2024(ended)];
                block_expr(Block { stmts, tail: Some(Box::new(otherwise)) }, span)
            }
        };
        let arms = vec![
            Arm { pat, guard: None, body: then },
            Arm { pat: wild, guard: None, body: otherwise },
        ];
        let kind = match holder {
            Some(holder) => {
                let place = self.part_of_named(scrutinee, &mut temporaries);
                ExprKind::Split { place, holder, arms }
            }
            None => ExprKind::Match { scrutinee: Box::new(Expr::code(scrutinee)), arms },
        };
        match temporaries.is_empty() {
            true => kind,
            false => ExprKind::Operands { temporaries, value: Box::new(Expr { span, kind }) },
        }
    }

    /// What ends before the `else` of an `if let` since edition 2024: the scrutinee, if it is a
    /// value, and its temporaries.
    fn ended_before_else(
        &mut self,
        condition: &syn::ExprLet,
        temporaries: &[(LocalId, Expr)],
        otherwise: &Expr,
        rest: Rest<'_>,
    ) -> Vec<LocalId> {
        let mut ended = Vec::new();
        let is_nothing = match &otherwise.kind {
            ExprKind::Code(Syntax::Tuple(tuple)) => tuple.elems.is_empty(),
            ExprKind::Break { value: None, .. } => true,
            _ => false,
        };
        if is_nothing {
            return ended;
        }
        let is_plain =
            matches!(&*condition.expr, Syntax::Reference(_)) || pat::shows_number(&condition.pat);
        if let Some(holder) = rest.holder {
            ended.push(holder);
        } else if !is_plain && !place::is_place(&condition.expr) {
            self.bind_remainder(rest.wild);
            ended.extend(super::super::bindings(rest.wild));
        }
        ended.extend(self.in_order_of_drop(temporaries));
        ended
    }

    /// The value of an `if let` that is ignored: since edition 2024 it is dropped after the scrutinee and
    /// its temporaries.
    fn ended_after_value(
        &mut self,
        then: Expr,
        pat: &Pat,
        temporaries: &[(LocalId, Expr)],
        holder: Option<LocalId>,
    ) -> Expr {
        let is_rest = |local: &LocalId| self.body.locals[*local].kind == LocalKind::Temporary;
        let (mut ended, bound): (Vec<LocalId>, Vec<LocalId>) =
            super::super::bindings(pat).into_iter().rev().partition(is_rest);
        ended.extend(holder);
        ended.extend(self.in_order_of_drop(temporaries));
        if ended.is_empty() {
            return then;
        }
        let span = then.span;
        let local = self.temporary("value", LocalKind::Temporary, span);
        let tail = Some(Box::new(Expr::code(self.local(local, span))));
        // What is bound ends with the block, before the scrutinee.
        let stmts = vec![Stmt::End(bound), Stmt::EndIn2024(ended)];
        let value = block_expr(Block { stmts, tail }, span);
        let kind = ExprKind::Operands { temporaries: vec![(local, then)], value: Box::new(value) };
        Expr { span, kind }
    }

    /// The temporaries of a scrutinee, the first one to be dropped first.
    fn in_order_of_drop(&self, temporaries: &[(LocalId, Expr)]) -> Vec<LocalId> {
        let (waiting, others): (Vec<_>, Vec<_>) =
            temporaries.iter().rev().partition(|(local, _)| self.body.locals[*local].is_waiting);
        let mut ended: Vec<_> = waiting.iter().map(|(local, _)| *local).collect();
        for (local, value) in temporaries.iter().rev() {
            ended.extend(others.iter().any(|other| other.0 == *local).then_some(*local));
            ended.extend(value.holders().into_iter().rev());
        }
        ended
    }

    /// `if a && let p = b && c { then } else { otherwise }`: a labelled block that the innermost
    /// branch leaves with its value, and that else ends in `otherwise`.
    fn chain(&mut self, branch: &ExprIf, otherwise: Option<&Syntax>) -> ExprKind {
        let span = branch.if_token.span();
        let label = self.body.labels.push(Label { name: None, span });
        let then = block_expr(self.block(&branch.then_branch), branch.then_branch.span());
        let leave = ExprKind::Break { label, value: Some(Box::new(then)) };
        let mut conditions = Vec::new();
        flatten(&branch.cond, &mut conditions);
        let mut inner = Expr { span, kind: leave };
        for condition in conditions.into_iter().rev() {
            inner = Expr { span, kind: self.condition(condition, inner) };
        }
        let tail = self.optional(otherwise);
        ExprKind::Block(Some(label), Block { stmts: vec![Stmt::Expr(inner)], tail })
    }

    /// One condition of a chain around the rest of it.
    pub(super) fn condition(&mut self, condition: &Syntax, then: Expr) -> ExprKind {
        match condition {
            Syntax::Let(test) => {
                let otherwise = Expr::code(syn::parse_quote!(()));
                self.test(test, then, otherwise, false)
            }
            condition => ExprKind::If {
                condition: Box::new(self.terminating(condition)),
                then: Block { stmts: vec![Stmt::Expr(then)], tail: None },
                otherwise: None,
            },
        }
    }
}

/// What keeps the value of an `if let` that does not match.
struct Rest<'a> {
    /// The holder of its parts.
    holder: Option<LocalId>,
    /// The pattern of the `else`, which can bind all of it.
    wild: &'a mut Pat,
}

/// A block as an expression.
pub(super) fn block_expr(block: Block, span: proc_macro2::Span) -> Expr {
    Expr { span, kind: ExprKind::Block(None, block) }
}

/// Whether a match on this expression leaves the value where it is.
pub(super) fn is_place_of(scrutinee: &Syntax) -> bool {
    place::is_place(scrutinee) && !place::is_temporary(scrutinee)
}

/// Whether an expression is a part of a value that has no name: a field, or what a box points to.
fn is_part_of_value(scrutinee: &Syntax) -> bool {
    place::is_place(scrutinee)
        && place::is_temporary(scrutinee)
        && !place::is_place(root_of(scrutinee))
}

/// Whether a condition has a `let` in it.
pub(super) fn holds_let(condition: &Syntax) -> bool {
    match condition {
        Syntax::Let(_) => true,
        Syntax::Binary(binary) if matches!(binary.op, BinOp::And(_)) => {
            holds_let(&binary.left) || holds_let(&binary.right)
        }
        _ => false,
    }
}

/// The conditions of a chain, in order.
pub(super) fn flatten<'a>(condition: &'a Syntax, into: &mut Vec<&'a Syntax>) {
    match condition {
        Syntax::Binary(binary) if matches!(binary.op, BinOp::And(_)) => {
            flatten(&binary.left, into);
            flatten(&binary.right, into);
        }
        condition => into.push(condition),
    }
}
