//! Loops around suspensions: all become `loop`.

use syn::spanned::Spanned;
use syn::{
    Expr as Syntax, ExprBreak, ExprForLoop, ExprLoop, ExprWhile, Pat, PathSegment, RangeLimits,
};

use super::super::{Arm, Block, Expr, ExprKind, LabelId, LocalKind, Stmt};
use super::matches::{block_expr, flatten, holds_let};
use super::{Lowering, pat};

/// The label that `resolve` gave to every loop.
fn label_of(label: Option<&syn::Label>) -> LabelId {
    label.and_then(|label| LabelId::from_unique(&label.name)).expect("resolve labels every loop")
}

impl Lowering {
    pub(super) fn endless(&mut self, round: &ExprLoop) -> ExprKind {
        ExprKind::Loop { label: label_of(round.label.as_ref()), body: self.block(&round.body) }
    }

    pub(super) fn break_with(&mut self, jump: &ExprBreak) -> ExprKind {
        let label = jump.label.as_ref().and_then(LabelId::from_unique);
        ExprKind::Break {
            label: label.expect("resolve labels every break"),
            value: self.optional(jump.expr.as_deref()),
        }
    }

    /// `while condition { body }`: `loop { if condition { body } else { break } }`.
    pub(super) fn while_loop(&mut self, round: &ExprWhile) -> ExprKind {
        let label = label_of(round.label.as_ref());
        let span = round.while_token.span();
        let leave = Expr { span, kind: ExprKind::Break { label, value: None } };
        let body = block_expr(self.block(&round.body), round.body.span());
        let kind = match &*round.cond {
            Syntax::Let(condition) => self.test(condition, body, leave, false),
            condition if holds_let(condition) => self.while_chain(condition, body, label, leave),
            condition => ExprKind::If {
                condition: Box::new(self.terminating(condition)),
                then: Block { stmts: Vec::new(), tail: Some(Box::new(body)) },
                otherwise: Some(Box::new(leave)),
            },
        };
        ExprKind::Loop { label, body: statement(Expr { span, kind }) }
    }

    /// `while a && let p = b { body }`: the innermost branch begins the next round, what comes
    /// after the chain leaves the loop.
    fn while_chain(
        &mut self,
        condition: &Syntax,
        body: Expr,
        label: LabelId,
        leave: Expr,
    ) -> ExprKind {
        let span = body.span;
        let next = Expr { span, kind: ExprKind::Continue { label } };
        let stmts = vec![Stmt::Expr(body), Stmt::Expr(next)];
        let mut inner = block_expr(Block { stmts, tail: None }, span);
        let mut conditions = Vec::new();
        flatten(condition, &mut conditions);
        for condition in conditions.into_iter().rev() {
            inner = Expr { span, kind: self.condition(condition, inner) };
        }
        let stmts = vec![Stmt::Expr(inner), Stmt::Expr(leave)];
        ExprKind::Block(None, Block { stmts, tail: None })
    }

    /// `for pat in iterable { body }`, by the Reference's equivalence:
    /// `match into_iter(iterable) { mut iter => loop { match next(&mut iter) { .. } } }`.
    pub(super) fn for_loop(&mut self, round: &ExprForLoop) -> ExprKind {
        let label = label_of(round.label.as_ref());
        let span = round.for_token.span();
        let iterator = self.temporary("iter", LocalKind::Temporary, round.expr.span());
        let body = self.expr(&Syntax::Block(syn::ExprBlock {
            attrs: Vec::new(),
            label: None,
            block: round.body.clone(),
        }));
        let mut pat = (*round.pat).clone();
        let suspends = !matches!(body.kind, ExprKind::Code(_));
        let is_split = suspends && !pat::can_bind_remainder(&pat);
        if suspends && !is_split && !is_number(&pat, &round.expr) {
            self.bind_remainder(&mut pat);
        }
        let leave = Expr { span, kind: ExprKind::Break { label, value: None } };
        let item: Pat = syn::parse_quote!(::core::option::Option::Some(#pat));
        let end: Pat = syn::parse_quote!(::core::option::Option::None);
        let iter = self.local(iterator, round.expr.span());
        let next =
            quote::quote_spanned!(round.expr.span()=> ::core::iter::Iterator::next(&mut #iter));
        let arms =
            vec![Arm { pat: end, guard: None, body: leave }, Arm { pat: item, guard: None, body }];
        let scrutinee: Syntax = syn::parse2(next).expect("a call is an expression");
        let kind = match is_split {
            true => self.split(&scrutinee, arms),
            false => ExprKind::Match { scrutinee: Box::new(Expr::code(scrutinee)), arms },
        };
        let advance = Expr { span, kind };
        let rounds = Expr { span, kind: ExprKind::Loop { label, body: statement(advance) } };
        let mut temporaries = Vec::new();
        let iterable = self.operand_by_value(&round.expr, &mut temporaries);
        let into_iter = match self.constant_end(&round.expr) {
            Some(end) => quote::quote_spanned!(round.expr.span()=>
                ::coframe::__private::Iterated(#iterable).counted(|| #end)),
            None => quote::quote_spanned!(round.expr.span()=>
                ::coframe::__private::Iterated(#iterable).iterator()),
        };
        let into_iter = Expr::code(syn::parse2(into_iter).expect("a call is an expression"));
        temporaries.push((iterator, into_iter));
        ExprKind::Operands { temporaries, value: Box::new(rounds) }
    }

    /// The end of a range `a..END` that is the same whenever it is evaluated, so that the frame need not
    /// have it. A `static mut` is not; where there is unsafe code, a name may be one.
    fn constant_end<'a>(&self, iterable: &'a Syntax) -> Option<&'a Syntax> {
        match iterable {
            Syntax::Paren(inner) => self.constant_end(&inner.expr),
            Syntax::Range(range) if matches!(range.limits, RangeLimits::HalfOpen(_)) => {
                range.start.as_ref()?;
                range.end.as_deref().filter(|end| is_constant(end, self.body.has_unsafe))
            }
            _ => None,
        }
    }
}

/// Whether an expression is a literal, or has the name of a constant.
fn is_constant(expr: &Syntax, may_be_unsafe: bool) -> bool {
    match expr {
        Syntax::Lit(_) => true,
        Syntax::Path(path) => {
            let is_upper = |last: &PathSegment| {
                let name = last.ident.to_string();
                let is_capital = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
                last.arguments.is_empty() && name.chars().all(is_capital)
            };
            !may_be_unsafe && path.path.segments.last().is_some_and(is_upper)
        }
        Syntax::Cast(cast) => is_constant(&cast.expr, may_be_unsafe),
        Syntax::Paren(inner) => is_constant(&inner.expr, may_be_unsafe),
        _ => false,
    }
}

/// Whether `_` is for what a range counts: it needs no drop, as nothing does that a range counts.
fn is_number(pat: &Pat, iterable: &Syntax) -> bool {
    matches!((pat, iterable), (Pat::Wild(_), Syntax::Range(_)))
        || matches!(iterable, Syntax::Paren(inner) if is_number(pat, &inner.expr))
}

/// A block of one statement.
fn statement(expr: Expr) -> Block {
    Block { stmts: vec![Stmt::Expr(expr)], tail: None }
}
