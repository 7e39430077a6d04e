//! Operands: what a suspension in the middle of an expression interrupts is evaluated into
//! temporaries, in rustc's order, and the rest of the expression is evaluated afterwards.
//!
//! ```text
//! f(a(), b.await, c())   becomes   operands(_1 = a(), _2 = await b; f(_1, _2, c()))
//! ```
//!
//! The same is done for temporaries that outlive a suspension: in
//! `sock.write_all(format!("{x}").as_bytes()).await` the string becomes an operand.

use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Expr as Syntax, UnOp};

use super::super::{Expr, ExprKind, LabelId, LocalId, LocalKind, Stmt, as_local};
use super::children::{children_of, unsupported};
use super::compound::is_ordered;
use super::{Lowering, place};
use crate::ast::macros::{self, Passing};
use crate::ast::suspends;
use crate::diagnostics;
use crate::hir::assignment::is_compound;
use crate::index::Id;

/// The temporaries of an expression, in order of evaluation.
pub(super) type Temporaries = Vec<(LocalId, Expr)>;

/// Why an expression is taken apart.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    /// It suspends.
    Suspends,
    /// Its temporaries outlive a suspension that comes after it.
    Outlived,
}

impl Reason {
    fn applies_to(self, expr: &Syntax) -> bool {
        suspends(expr) || self == Reason::Outlived && place::leaves_temporaries(expr)
    }

    /// Whether an operand must be taken apart, or is itself a temporary that must be named.
    fn applies_to_operand(self, operand: &Syntax, passing: Passing, parent: Parent) -> bool {
        let is_named = self == Reason::Outlived
            && passing == Passing::Place
            && parent.names_operands
            && place::is_temporary(operand);
        match parent.keeps_temporaries {
            true => is_named || self.applies_to(operand),
            false => suspends(operand),
        }
    }
}

/// What an expression does with the temporaries of its operands.
#[derive(Clone, Copy)]
struct Parent {
    /// Whether they live on after it: not so in a macro that has statements of its own.
    keeps_temporaries: bool,
    /// Whether operands that it looks at may need a drop: not so in a comparison of built-in values.
    names_operands: bool,
}

impl Parent {
    fn of(expr: &Syntax) -> Self {
        let keeps_temporaries = match expr {
            Syntax::Macro(mac) => macros::keeps_temporaries(&mac.mac),
            _ => true,
        };
        let is_plain = matches!(expr, Syntax::Binary(binary) if place::compares_literal(binary));
        Parent { keeps_temporaries, names_operands: !is_plain }
    }
}

impl Lowering {
    /// Lowers an expression in the middle of which a suspension lies.
    pub(super) fn operands(&mut self, expr: &Syntax, ends_temporaries: bool) -> ExprKind {
        let mut temporaries = Vec::new();
        // The operands of a `vec!` are those of an array in it.
        let is_vec = matches!(expr, Syntax::Macro(mac) if mac.mac.path.is_ident("vec"));
        let scope = if ends_temporaries && !is_vec { Scope::OfTemporaries } else { Scope::Own };
        let value = self.without_operands(expr, Reason::Suspends, scope, &mut temporaries);
        ExprKind::Operands { temporaries, value: Box::new(Expr::code(value)) }
    }

    /// What is left of a call when all that outlives it has a name.
    pub(super) fn call(&mut self, call: &Syntax, into: &mut Temporaries) -> Syntax {
        match suspends(call) {
            true => self.residual(call, Reason::Suspends, into),
            false => self.residual(call, Reason::Outlived, into),
        }
    }

    /// Lowers an operand whose temporaries live across what is made of it.
    pub(super) fn with_operand(
        &mut self,
        operand: &Syntax,
        build: impl FnOnce(Expr) -> ExprKind,
    ) -> ExprKind {
        let mut temporaries = Vec::new();
        let operand = self.operand_by_value(operand, &mut temporaries);
        with_temporaries(build(Expr::code(operand)), temporaries)
    }

    /// What is left of an operand when all that must outlive it has a name.
    pub(super) fn operand(&mut self, operand: &Syntax, into: &mut Temporaries) -> Syntax {
        if let Syntax::Paren(syn::ExprParen { expr, .. })
        | Syntax::Group(syn::ExprGroup { expr, .. }) = operand
            && place::is_place(expr)
        {
            return self.operand(expr, into);
        }
        if !suspends(operand) && !place::is_place(operand) && place::needs_holder(operand) {
            return self.hold(operand, into);
        }
        match Reason::Outlived.applies_to(operand) {
            true => {
                let residual = self.residual(operand, Reason::Outlived, into);
                let is_held = !place::is_place(&residual)
                    && !place::operand_receivers(&self.body, &residual).is_empty();
                if is_held { self.hold(&residual, into) } else { residual }
            }
            false => operand.clone(),
        }
    }

    /// What is left of an operand that is used by value: a part of a temporary is moved out of it.
    pub(super) fn operand_by_value(&mut self, operand: &Syntax, into: &mut Temporaries) -> Syntax {
        let residual = self.operand(operand, into);
        self.whole(residual, into)
    }

    /// An operand that is used by value: if it is a part of a temporary, that keeps what is left.
    fn whole(&mut self, residual: Syntax, into: &mut Temporaries) -> Syntax {
        let is_part = place::is_place(&residual) && as_local(&residual).is_none();
        match is_part && !place::operand_receivers(&self.body, &residual).is_empty() {
            true => self.hold(&residual, into),
            false => residual,
        }
    }

    /// Evaluates `expr` while a holder keeps its temporaries.
    pub(super) fn hold(&mut self, expr: &Syntax, into: &mut Temporaries) -> Syntax {
        let span = expr.span();
        let holder = self.temporary("holder", LocalKind::Temporary, span);
        let local = self.temporary("operand", LocalKind::Temporary, span);
        let moves = place::operand_receivers(&self.body, expr);
        let kind = ExprKind::Hold { holder, value: expr.clone(), moves };
        into.push((local, Expr { span, kind }));
        self.local(local, span)
    }

    /// Gives `expr` a name, and a use of that name.
    fn name(&mut self, expr: &Syntax, reason: Reason, into: &mut Temporaries) -> Syntax {
        let span = expr.span();
        let leaves = place::leaves_temporaries(expr);
        if !suspends(expr) && leaves && place::needs_holder(expr) {
            return self.hold(expr, into);
        }
        let value = match is_control_flow(expr) {
            true => self.hoisted(expr, into),
            false if suspends(expr) => {
                let residual = self.residual(expr, reason, into);
                if !place::operand_receivers(&self.body, &residual).is_empty() {
                    return self.hold(&residual, into);
                }
                Expr::code(residual)
            }
            false if leaves => {
                let residual = self.residual(expr, Reason::Outlived, into);
                match self.whole(residual, into) {
                    held if as_local(&held).is_some() => return held,
                    whole => Expr::code(whole),
                }
            }
            false => Expr::code(expr.clone()),
        };
        let local = self.temporary("operand", LocalKind::Temporary, span);
        into.push((local, value));
        self.local(local, span)
    }

    /// Takes an expression apart to which `reason` applies; the result has nothing in it to which
    /// it applies.
    fn residual(&mut self, expr: &Syntax, reason: Reason, into: &mut Temporaries) -> Syntax {
        match expr {
            Syntax::Paren(paren) => {
                let inner = self.residual(&paren.expr, reason, into);
                match as_local(&inner) {
                    Some(_) => inner,
                    None => {
                        Syntax::Paren(syn::ExprParen { expr: Box::new(inner), ..paren.clone() })
                    }
                }
            }
            Syntax::Group(group) => self.residual(&group.expr, reason, into),
            _ if is_control_flow(expr) => self.name_control_flow(expr, reason, into),
            _ => self.without_operands(expr, reason, Scope::Own, into),
        }
    }

    /// An expression that is no control flow, with its operands in temporaries.
    fn without_operands(
        &mut self,
        expr: &Syntax,
        reason: Reason,
        scope: Scope,
        into: &mut Temporaries,
    ) -> Syntax {
        let (mut expr, known) = (expr.clone(), into.len());
        if let Some(found) = unsupported(&expr) {
            self.found.push(found);
            return expr;
        }
        let count = {
            let mut children = Vec::new();
            let parent = Parent::of(&expr);
            children_of(&mut expr, &mut |child, passing| {
                children.push(reason.applies_to_operand(child, passing, parent));
            });
            children.iter().rposition(|applies| *applies).map_or(0, |last| last + 1)
        };
        let parent = Parent::of(&expr);
        let is_beside_jump = place::leaves(&expr);
        let is_taken_first = count > 1 && assigns_receiver(&expr);
        let is_lent = count > 1 && !is_taken_first;
        let lent = is_lent.then(|| self.lend(&expr, scope, into)).flatten();
        let mut index = 0;
        children_of(&mut expr, &mut |child, passing| {
            index += 1;
            let passing = if is_taken_first && index == 1 { Passing::Value } else { passing };
            if index <= count {
                let applies = reason.applies_to_operand(child, passing, parent);
                let is_last = index == count;
                let is_waiting = scope == Scope::Own && passing == Passing::Value;
                let operand = Operand { passing, applies, is_last, is_waiting, is_beside_jump };
                self.child(child, operand, reason, into);
            }
        });
        if let Some(lent) = lent {
            self.restore(&mut expr, lent, scope, into);
        }
        if scope == Scope::OfTemporaries {
            self.name_beside_temporaries(&mut expr, known, into);
        }
        expr
    }

    /// Names all operands up to the last that could panic, if some wait beside temporaries which came
    /// later: rustc would drop those first, and not what it has moved into the expression.
    fn name_beside_temporaries(&mut self, expr: &mut Syntax, known: usize, into: &mut Temporaries) {
        let mut operands = Vec::new();
        let (mut index, mut count) = (0, 0);
        children_of(expr, &mut |child, passing| {
            index += 1;
            if passing == Passing::Value && !place::is_inert(child) {
                count = index;
            }
            operands.extend(as_local(child).filter(|_| passing == Passing::Value));
        });
        let mut added = into[known..].iter();
        let has_operand = added.any(|(local, _)| operands.contains(local));
        let is_temporary = |(local, value): &(LocalId, Expr)| {
            let is_kept = !operands.contains(local) && !self.body.locals[*local].is_waiting;
            is_kept || !value.holders().is_empty()
        };
        if !has_operand || !added.any(is_temporary) {
            return;
        }
        let mut index = 0;
        children_of(expr, &mut |child, passing| {
            index += 1;
            let is_named = as_local(child)
                .is_some_and(|local| operands.contains(&local) && self.is_operand(local));
            if index <= count
                && passing == Passing::Value
                && !is_named
                && !place::is_timeless(child)
            {
                *child = self.name(child, Reason::Outlived, into);
            }
        });
    }

    fn is_operand(&self, local: LocalId) -> bool {
        self.body.locals[local].kind == LocalKind::Temporary
    }

    /// One operand before or at the last one to which `reason` applies.
    pub(super) fn child(
        &mut self,
        child: &mut Syntax,
        operand: Operand,
        reason: Reason,
        into: &mut Temporaries,
    ) {
        let Operand { applies, is_last, is_waiting, .. } = operand;
        if let Syntax::Paren(syn::ExprParen { expr, .. })
        | Syntax::Group(syn::ExprGroup { expr, .. }) = child
        {
            return self.child(expr, operand, reason, into);
        }
        if !applies && place::is_timeless(child) {
            return;
        }
        let reason = if is_last { reason } else { Reason::Outlived };
        let known = self.body.locals.len();
        self.evaluate_child(child, operand, reason, into);
        let is_new = |local: &LocalId| local.index() >= known;
        if let (true, Some(local)) = (is_waiting, as_local(child).filter(is_new)) {
            self.body.locals[local].is_waiting = true;
        }
    }

    fn evaluate_child(
        &mut self,
        child: &mut Syntax,
        Operand { passing, applies, is_last, is_beside_jump, .. }: Operand,
        reason: Reason,
        into: &mut Temporaries,
    ) {
        let is_pasted = is_last && applies && reason == Reason::Suspends;
        match passing {
            Passing::Place if place::is_simple_place(child) => {
                if !is_last {
                    mark_as_place(child);
                }
            }
            Passing::Place if !place::is_place(child) && !is_pasted => {
                *child = self.name(child, reason, into);
            }
            Passing::Value
                if is_last
                    && applies
                    && reason == Reason::Outlived
                    && !suspends(child)
                    && place::takes_part(child) =>
            {
                *child = self.hold(child, into);
            }
            Passing::Value if is_last && applies && reason == Reason::Outlived => {
                let residual = self.residual(child, reason, into);
                let is_exposed = is_beside_jump && as_local(&residual).is_none();
                *child = match is_exposed
                    && !place::operand_receivers(&self.body, &residual).is_empty()
                {
                    true => self.hold(&residual, into),
                    false => self.whole(residual, into),
                };
            }
            _ if is_last && applies => *child = self.residual(child, reason, into),
            Passing::Place if self.name_root(child, reason, into) => {}
            Passing::Place => {
                let what = "a place that is computed before the suspension";
                self.found.push(diagnostics::unsupported_around_suspension(child, what));
            }
            Passing::Value => *child = self.name(child, reason, into),
        }
    }

    /// Names the value at the root of a place such as `value().field`. False if a part of the place
    /// cannot be evaluated later: an index might be out of bounds.
    fn name_root(&mut self, place: &mut Syntax, reason: Reason, into: &mut Temporaries) -> bool {
        match place {
            Syntax::Path(_) => true,
            Syntax::Field(field) => self.name_root(&mut field.base, reason, into),
            Syntax::Paren(paren) => self.name_root(&mut paren.expr, reason, into),
            Syntax::Group(group) => self.name_root(&mut group.expr, reason, into),
            Syntax::Unary(unary) if matches!(unary.op, UnOp::Deref(_)) => {
                self.name_root(&mut unary.expr, reason, into)
            }
            Syntax::Index(_) => false,
            value => {
                *value = self.name(value, reason, into);
                true
            }
        }
    }

    /// What is left of a value that is evaluated after all others.
    pub(super) fn residual_value(&mut self, value: &Syntax, into: &mut Temporaries) -> Syntax {
        match suspends(value) {
            true => self.residual(value, Reason::Suspends, into),
            false => value.clone(),
        }
    }

    /// Control flow in the middle of an expression is evaluated into a temporary.
    fn name_control_flow(
        &mut self,
        expr: &Syntax,
        reason: Reason,
        into: &mut Temporaries,
    ) -> Syntax {
        if !suspends(expr) && !matches!(expr, Syntax::Match(_)) {
            if reason == Reason::Outlived && place::needs_holder(expr) {
                return self.hold(expr, into);
            } else if reason == Reason::Outlived
                && let Some(block) = self.block_in_2024(expr)
            {
                let local = self.temporary("operand", LocalKind::Temporary, expr.span());
                into.push((local, block));
                return self.local(local, expr.span());
            } else if reason == Reason::Outlived {
                let what = "a temporary in this expression";
                self.found.push(diagnostics::unsupported_around_suspension(expr, what));
            }
            return expr.clone();
        }
        let value = self.hoisted(expr, into);
        let local = self.temporary("operand", LocalKind::Temporary, expr.span());
        into.push((local, value));
        self.local(local, expr.span())
    }

    /// A block that leaves the function, so that it cannot be held. Since edition 2024 the temporaries
    /// of its tail end with it.
    fn block_in_2024(&mut self, expr: &Syntax) -> Option<Expr> {
        let (label, inner) = match expr {
            Syntax::Block(inner) => (inner.label.as_ref(), &inner.block),
            Syntax::Unsafe(inner) => (None, &inner.block),
            _ => return None,
        };
        let label = label.and_then(|label| LabelId::from_unique(&label.name));
        let mut block = self.block(inner);
        block.stmts.insert(0, Stmt::RequireEdition2024);
        Some(Expr { kind: ExprKind::Block(label, block), span: expr.span() })
    }

    /// Lowers control flow. The temporaries of what is awaited or matched live as long as those
    /// of the expression around it.
    pub(super) fn hoisted(&mut self, expr: &Syntax, into: &mut Temporaries) -> Expr {
        let unmarked = crate::ast::without_name_mark(expr);
        let lowered = match unmarked.as_ref().unwrap_or(expr) {
            Syntax::Match(matching) if suspends(expr) || place::leaves_temporaries(expr) => {
                Expr { kind: self.matching(matching, true), span: expr.span() }
            }
            _ => self.expr(expr),
        };
        match (expr, lowered.kind) {
            (
                Syntax::Await(_) | Syntax::Match(_) | Syntax::MethodCall(_) | Syntax::Call(_),
                ExprKind::Operands { temporaries, value },
            ) => {
                into.extend(temporaries);
                *value
            }
            (_, kind) => Expr { kind, span: lowered.span },
        }
    }
}

/// One operand of an expression that is taken apart.
#[derive(Clone, Copy)]
pub(super) struct Operand {
    pub(super) passing: Passing,
    /// Whether the reason applies to it.
    pub(super) applies: bool,
    /// Whether the reason applies to none after it.
    pub(super) is_last: bool,
    /// Whether control may leave the function beside it, so that what is around it cannot be held.
    pub(super) is_beside_jump: bool,
    /// Whether its value waits for what comes after it, and is dropped before temporaries.
    pub(super) is_waiting: bool,
}

/// In which scope an expression's operands wait.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// In the scope in which its temporaries are: all are dropped in reverse order.
    OfTemporaries,
    /// In one of its own, which ends before that of the temporaries.
    Own,
}

/// An expression after the temporaries that it needs.
pub(super) fn with_temporaries(kind: ExprKind, temporaries: Temporaries) -> ExprKind {
    match temporaries.first() {
        None => kind,
        Some((_, first)) => {
            let value = Box::new(Expr { span: first.span, kind });
            ExprKind::Operands { temporaries, value }
        }
    }
}

/// Marks a receiver that is looked at before a suspension and used after it: only its place is
/// used, so a method that consumes it is an error rather than a change of drop order.
fn mark_as_place(receiver: &mut Syntax) {
    let inner = std::mem::replace(receiver, Syntax::PLACEHOLDER);
    *receiver = Syntax::Group(syn::ExprGroup {
        attrs: Vec::new(),
        group_token: Default::default(),
        expr: Box::new(inner),
    });
}

/// Whether the arguments of a method give its receiver, a variable, another value: then the method takes
/// the receiver by value, which is evaluated before, as it would be borrowed otherwise.
fn assigns_receiver(call: &Syntax) -> bool {
    struct FindAssignment(LocalId, bool);
    impl<'ast> Visit<'ast> for FindAssignment {
        fn visit_expr(&mut self, expr: &'ast Syntax) {
            self.1 |= match expr {
                Syntax::Closure(_) | Syntax::Async(_) => return,
                Syntax::Assign(assign) => as_local(&assign.left) == Some(self.0),
                Syntax::Binary(binary) if is_compound(binary.op) => {
                    as_local(&binary.left) == Some(self.0)
                }
                _ => false,
            };
            visit::visit_expr(self, expr);
        }
    }
    let Syntax::MethodCall(call) = call else { return false };
    let Some(local) = as_local(&call.receiver) else { return false };
    let mut find = FindAssignment(local, false);
    call.args.iter().for_each(|argument| find.visit_expr(argument));
    find.1
}

fn is_control_flow(expr: &Syntax) -> bool {
    if crate::ast::without_name_mark(expr).is_some() {
        return true;
    }
    match expr {
        Syntax::Macro(mac) => {
            crate::ast::is_suspend(&mac.mac) || !macros::keeps_temporaries(&mac.mac)
        }
        Syntax::Binary(binary) => {
            matches!(binary.op, syn::BinOp::And(_) | syn::BinOp::Or(_)) || is_ordered(binary)
        }
        _ => matches!(
            expr,
            Syntax::Await(_)
                | Syntax::Block(_)
                | Syntax::Unsafe(_)
                | Syntax::If(_)
                | Syntax::Match(_)
                | Syntax::Loop(_)
                | Syntax::While(_)
                | Syntax::ForLoop(_)
                | Syntax::Break(_)
                | Syntax::Return(_)
        ),
    }
}
