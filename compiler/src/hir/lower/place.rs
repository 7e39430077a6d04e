//! What the syntax tells about an expression: whether it is a place, whether evaluating it leaves
//! temporaries behind, whether it is the same at any time.

use syn::visit::{self, Visit};
use syn::{Expr, Lit, UnOp};

use super::super::{Body, LocalId, LocalKind, as_local};
use super::pat;
use crate::ast::macros::{self, Passing};
use crate::hir::uses;

/// Whether an expression denotes a place rather than a value.
pub fn is_place(expr: &Expr) -> bool {
    match expr {
        Expr::Path(_) => true,
        Expr::Field(_) | Expr::Index(_) => true,
        Expr::Unary(unary) => matches!(unary.op, UnOp::Deref(_)),
        Expr::Paren(paren) => is_place(&paren.expr),
        Expr::Group(group) => is_place(&group.expr),
        _ => false,
    }
}

/// The value expression at the root of a place such as `value().field[0]`, if there is one.
pub(super) fn rvalue_base(expr: &mut Expr) -> Option<&mut Expr> {
    let is_deref = |unary: &syn::ExprUnary| matches!(unary.op, UnOp::Deref(_));
    match expr {
        Expr::Path(_) | Expr::Lit(_) => None,
        Expr::Unary(unary) if !is_deref(unary) => Some(expr),
        Expr::Field(field) => rvalue_base(&mut field.base),
        Expr::Index(index) => rvalue_base(&mut index.expr),
        Expr::Paren(paren) => rvalue_base(&mut paren.expr),
        Expr::Group(group) => rvalue_base(&mut group.expr),
        Expr::Unary(unary) => rvalue_base(&mut unary.expr),
        expr => Some(expr),
    }
}

/// Whether a place is one without evaluating anything: a path and fields of it.
pub(in crate::hir) fn is_simple_place(expr: &Expr) -> bool {
    match expr {
        Expr::Path(_) => true,
        Expr::Field(field) => is_simple_place(&field.base),
        Expr::Paren(paren) => is_simple_place(&paren.expr),
        Expr::Unary(unary) if matches!(unary.op, UnOp::Deref(_)) => is_simple_place(&unary.expr),
        _ => false,
    }
}

/// Whether rustc makes a reference to this expression `'static`: literals and what is made of them.
pub(super) fn is_promotable(expr: &Expr) -> bool {
    match expr {
        Expr::Lit(_) => true,
        Expr::Path(path) => super::super::LocalId::from_unique(
            &path.path.segments.last().expect("a path has segments").ident,
        )
        .is_none(),
        Expr::Array(array) => array.elems.iter().all(is_promotable),
        Expr::Tuple(tuple) => tuple.elems.iter().all(is_promotable),
        Expr::Repeat(repeat) => is_promotable(&repeat.expr),
        Expr::Unary(unary) => !matches!(unary.op, UnOp::Deref(_)) && is_promotable(&unary.expr),
        Expr::Reference(reference) => {
            reference.mutability.is_none() && is_promotable(&reference.expr)
        }
        Expr::Paren(paren) => is_promotable(&paren.expr),
        _ => false,
    }
}

/// Whether evaluating the operand later gives the same: literals, paths to items, closures that
/// capture nothing are not worth a name.
pub(super) fn is_timeless(expr: &Expr) -> bool {
    match expr {
        Expr::Lit(lit) => !matches!(lit.lit, Lit::Verbatim(_)),
        Expr::Path(path) => path
            .path
            .segments
            .iter()
            .all(|segment| super::super::LocalId::from_unique(&segment.ident).is_none()),
        Expr::Paren(paren) => is_timeless(&paren.expr),
        _ => false,
    }
}

/// Whether evaluating an operand runs no code: it is a literal, a path, or made of these.
pub(super) fn is_inert(expr: &Expr) -> bool {
    match expr {
        Expr::Lit(_) | Expr::Path(_) | Expr::Closure(_) | Expr::Async(_) => true,
        Expr::Paren(paren) => is_inert(&paren.expr),
        Expr::Reference(reference) => is_inert(&reference.expr),
        Expr::Field(field) => is_inert(&field.base),
        Expr::Cast(cast) => is_inert(&cast.expr),
        Expr::Tuple(tuple) => tuple.elems.iter().all(is_inert),
        Expr::Array(array) => array.elems.iter().all(is_inert),
        _ => false,
    }
}

/// Whether an expression may stand in a closure that is never called: it is made of locals, and of
/// values that are known by their syntax.
pub(super) fn can_be_repeated(expr: &Expr) -> bool {
    match expr {
        Expr::Lit(_) | Expr::Path(_) => true,
        Expr::Paren(paren) => can_be_repeated(&paren.expr),
        Expr::Reference(reference) => can_be_repeated(&reference.expr),
        Expr::Cast(cast) => can_be_repeated(&cast.expr),
        Expr::Tuple(tuple) => tuple.elems.iter().all(can_be_repeated),
        Expr::Array(array) => array.elems.iter().all(can_be_repeated),
        Expr::Struct(literal) => {
            literal.rest.is_none() && literal.fields.iter().all(|f| can_be_repeated(&f.expr))
        }
        Expr::Call(call) => {
            matches!(&*call.func, Expr::Path(_))
                && as_local(&call.func).is_none()
                && call.args.iter().all(can_be_repeated)
        }
        _ => false,
    }
}

/// Whether evaluating an expression may leave a temporary whose drop comes at the end of the
/// statement around it: a value where a place is asked for.
pub(super) fn leaves_temporaries(expr: &Expr) -> bool {
    let mut find = FindTemporaries(false);
    find.visit_expr(expr);
    find.0
}

/// Whether an operator is a comparison, which looks at its operands by reference.
pub(super) fn is_comparison(binary: &syn::ExprBinary) -> bool {
    use syn::BinOp::*;
    matches!(binary.op, Eq(_) | Ne(_) | Lt(_) | Le(_) | Gt(_) | Ge(_))
}

/// Whether a comparison is one of built-in values, which are not dropped.
pub(super) fn compares_literal(binary: &syn::ExprBinary) -> bool {
    let is_literal = |expr: &Expr| match expr {
        Expr::Lit(_) => true,
        Expr::Unary(unary) => matches!(&*unary.expr, Expr::Lit(_)),
        _ => false,
    };
    is_comparison(binary) && (is_literal(&binary.left) || is_literal(&binary.right))
}

/// Whether an expression where a place is asked for is a value that becomes a temporary.
pub(super) fn is_temporary(expr: &Expr) -> bool {
    match expr {
        Expr::Paren(paren) => is_temporary(&paren.expr),
        Expr::Group(group) => is_temporary(&group.expr),
        Expr::Field(field) => is_temporary(&field.base),
        Expr::Index(index) => is_temporary(&index.expr),
        Expr::Unary(unary) if matches!(unary.op, UnOp::Deref(_)) => is_temporary(&unary.expr),
        Expr::Path(_) => false,
        Expr::Range(range) => !is_number_range(range),
        expr => !is_promotable(expr) && !is_reference(expr),
    }
}

/// Whether a struct literal takes fields out of a value that becomes a temporary.
fn has_temporary_base(literal: &syn::ExprStruct) -> bool {
    literal.rest.as_deref().is_some_and(is_temporary)
}

/// Whether a range is one of numbers, which need no drop: a bound shows it.
fn is_number_range(range: &syn::ExprRange) -> bool {
    let is_number = |bound: &Expr| match bound {
        Expr::Lit(literal) => matches!(literal.lit, Lit::Int(_) | Lit::Char(_) | Lit::Byte(_)),
        Expr::Cast(_) => true,
        Expr::MethodCall(call) => call.method == "len" && call.args.is_empty(),
        _ => false,
    };
    range.start.iter().chain(&range.end).any(|bound| is_number(bound))
}

/// Whether an expression is a reference by its syntax: nothing to drop.
fn is_reference(expr: &Expr) -> bool {
    matches!(expr, Expr::Reference(_) | Expr::RawAddr(_))
}

/// Whether evaluating an expression may leave a temporary of which only rustc knows if it is
/// consumed, or where it is: the receiver of a method, what is dereferenced as a value, the value
/// of a match. Code that leaves the function cannot be held.
pub(super) fn needs_holder(expr: &Expr) -> bool {
    let mut find = FindReceiver(false);
    find.visit_expr(expr);
    find.0 && !leaves(expr)
}

/// Whether an expression, which is no place itself, takes the value of a part of a temporary, and
/// can be held.
pub(super) fn takes_part(expr: &Expr) -> bool {
    struct FindPart(bool);
    impl<'ast> Visit<'ast> for FindPart {
        fn visit_expr(&mut self, expr: &'ast Expr) {
            match expr {
                Expr::Closure(_) | Expr::Async(_) | Expr::Reference(_) => return,
                Expr::MethodCall(call) => self.visit_expr(root_of(&call.receiver)),
                Expr::Unary(unary) if matches!(unary.op, UnOp::Deref(_)) => {
                    self.0 |= is_temporary(&unary.expr);
                }
                Expr::Field(field) => self.0 |= is_temporary(&field.base),
                _ => {}
            }
            visit::visit_expr(self, expr);
        }
    }
    let mut find = FindPart(false);
    find.visit_expr(expr);
    find.0 && !is_place(expr) && needs_holder(expr)
}

/// Whether an expression takes the value of a part of an operand with a name, and can be held.
pub(super) fn takes_part_of_operand(body: &Body, expr: &Expr) -> bool {
    struct FindPart<'a>(&'a Body, bool);
    impl<'ast> Visit<'ast> for FindPart<'_> {
        fn visit_expr(&mut self, expr: &'ast Expr) {
            if matches!(expr, Expr::Closure(_) | Expr::Async(_) | Expr::Reference(_)) {
                return;
            }
            let part = uses::part_of(expr);
            self.1 |= part.is_some_and(|id| self.0.locals[id].kind == LocalKind::Temporary);
            visit::visit_expr(self, expr);
        }
    }
    let mut find = FindPart(body, false);
    find.visit_expr(expr);
    find.1 && !leaves(expr)
}

struct FindReceiver(bool);

impl<'ast> Visit<'ast> for FindReceiver {
    fn visit_expr(&mut self, expr: &'ast Expr) {
        match expr {
            Expr::Closure(_) | Expr::Async(_) | Expr::Const(_) => return,
            Expr::MethodCall(call) => self.0 |= is_temporary(&call.receiver),
            Expr::Reference(reference) => return self.visit_expr(root_of(&reference.expr)),
            Expr::RawAddr(address) => return self.visit_expr(root_of(&address.expr)),
            Expr::Unary(unary) if matches!(unary.op, UnOp::Deref(_)) => {
                self.0 |= is_temporary(&unary.expr);
            }
            Expr::Field(field) => self.0 |= is_temporary(&field.base),
            Expr::Struct(literal) => self.0 |= has_temporary_base(literal),
            Expr::Block(_) | Expr::Unsafe(_) | Expr::If(_) | Expr::Match(_) => {
                self.0 |= leaves_temporaries(expr);
                return;
            }
            Expr::Loop(_) | Expr::While(_) | Expr::ForLoop(_) => return,
            _ => {}
        }
        visit::visit_expr(self, expr);
    }
    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        macros::arguments(mac)
            .iter()
            .flatten()
            .for_each(|argument| self.visit_expr(&argument.expr));
    }
}

/// The expression at the root of a place: its value, if it is none.
fn root_of(place: &Expr) -> &Expr {
    match place {
        Expr::Paren(paren) => root_of(&paren.expr),
        Expr::Group(group) => root_of(&group.expr),
        Expr::Unary(unary) if matches!(unary.op, UnOp::Deref(_)) => root_of(&unary.expr),
        Expr::Field(field) => root_of(&field.base),
        expr => expr,
    }
}

/// Whether control may leave an expression other than by its value.
pub(super) fn leaves(expr: &Expr) -> bool {
    leaves_by(expr, true)
}

/// Whether control may leave an expression by a jump, and go on in the function.
pub(in crate::hir) fn jumps_away(expr: &Expr) -> bool {
    leaves_by(expr, false)
}

/// Whether control may leave an expression by a jump, or by a return as well.
fn leaves_by(expr: &Expr, with_returns: bool) -> bool {
    struct Leaves {
        with_returns: bool,
        inside: Vec<syn::Ident>,
        is_found: bool,
    }
    impl Leaves {
        fn jump(&mut self, label: Option<&syn::Lifetime>) {
            self.is_found |= label.is_none_or(|label| !self.inside.contains(&label.ident));
        }
    }
    impl<'ast> Visit<'ast> for Leaves {
        fn visit_expr(&mut self, expr: &'ast Expr) {
            match expr {
                Expr::Closure(_) | Expr::Async(_) | Expr::Const(_) => return,
                Expr::Try(_) | Expr::Return(_) => self.is_found |= self.with_returns,
                Expr::Break(jump) => self.jump(jump.label.as_ref()),
                Expr::Continue(jump) => self.jump(jump.label.as_ref()),
                _ => {}
            }
            visit::visit_expr(self, expr);
        }
        fn visit_label(&mut self, label: &'ast syn::Label) {
            self.inside.push(label.name.ident.clone());
        }
        fn visit_macro(&mut self, mac: &'ast syn::Macro) {
            macros::arguments(mac).iter().flatten().for_each(|a| self.visit_expr(&a.expr));
        }
    }
    let mut leaves = Leaves { with_returns, inside: Vec::new(), is_found: false };
    leaves.visit_expr(expr);
    leaves.is_found
}

/// The operands with a name of their own that a method in an expression may consume.
pub(super) fn operand_receivers(body: &Body, expr: &Expr) -> Vec<LocalId> {
    struct Receivers<'a> {
        body: &'a Body,
        found: Vec<LocalId>,
    }
    impl Receivers<'_> {
        fn operand(&mut self, expr: &Expr) {
            let is_operand = |id: &LocalId| self.body.locals[*id].kind == LocalKind::Temporary;
            let local = as_local(expr).filter(is_operand);
            self.found.extend(local.filter(|id| !self.found.contains(id)));
        }
    }
    impl<'ast> Visit<'ast> for Receivers<'_> {
        fn visit_expr(&mut self, expr: &'ast Expr) {
            match expr {
                Expr::Closure(_) | Expr::Async(_) => return,
                Expr::MethodCall(call) => self.operand(&call.receiver),
                Expr::Reference(reference) => return self.visit_expr(root_of(&reference.expr)),
                Expr::RawAddr(address) => return self.visit_expr(root_of(&address.expr)),
                Expr::Binary(binary) if is_comparison(binary) => {
                    self.visit_expr(root_of(&binary.left));
                    return self.visit_expr(root_of(&binary.right));
                }
                Expr::Unary(unary) if matches!(unary.op, UnOp::Deref(_)) => {
                    self.operand(&unary.expr);
                }
                Expr::Field(field) => self.operand(&field.base),
                Expr::Struct(syn::ExprStruct { rest: Some(base), .. }) => self.operand(base),
                _ => {}
            }
            visit::visit_expr(self, expr);
        }
        fn visit_macro(&mut self, mac: &'ast syn::Macro) {
            let arguments = macros::arguments(mac);
            arguments.iter().flatten().for_each(|argument| self.visit_expr(&argument.expr));
        }
    }
    let mut receivers = Receivers { body, found: Vec::new() };
    receivers.visit_expr(expr);
    if leaves(expr) { Vec::new() } else { receivers.found }
}

/// Whether evaluating a macro may leave a temporary.
fn macro_leaves_temporaries(mac: &syn::Macro) -> bool {
    let Some(arguments) = macros::arguments(mac) else { return true };
    let is_lazy = mac.path.segments.last().is_some_and(|last| last.ident == "format_args");
    let leaves = |argument: &macros::Argument| {
        leaves_temporaries(&argument.expr)
            || argument.passing == Passing::Place && is_temporary(&argument.expr)
    };
    is_lazy || macros::keeps_temporaries(mac) && arguments.iter().any(leaves)
}

/// Whether the patterns of a match may leave a part of its value.
fn leaves_part_of_value(matching: &syn::ExprMatch) -> bool {
    is_temporary(&matching.expr)
        && matching.arms.iter().all(|arm| !pat::shows_number(&arm.pat))
        && matching.arms.iter().any(|arm| !pat::leaves_nothing(&arm.pat))
}

struct FindTemporaries(bool);

impl<'ast> Visit<'ast> for FindTemporaries {
    fn visit_expr(&mut self, expr: &'ast Expr) {
        match expr {
            Expr::Reference(reference) => self.0 |= is_temporary(&reference.expr),
            Expr::MethodCall(call) => self.0 |= is_temporary(&call.receiver),
            Expr::Binary(binary) if is_comparison(binary) && !compares_literal(binary) => {
                self.0 |= is_temporary(&binary.left) || is_temporary(&binary.right);
            }
            Expr::Field(field) => self.0 |= is_temporary(&field.base),
            Expr::Struct(literal) => self.0 |= has_temporary_base(literal),
            Expr::Index(index) => self.0 |= is_temporary(&index.expr),
            Expr::Unary(unary) if matches!(unary.op, UnOp::Deref(_)) => {
                self.0 |= is_temporary(&unary.expr);
            }
            // The temporaries of either side of `&&` and `||` end with it.
            Expr::Binary(syn::ExprBinary {
                op: syn::BinOp::And(_) | syn::BinOp::Or(_), ..
            }) => {
                return;
            }
            Expr::Closure(_) | Expr::Async(_) | Expr::Const(_) => return,
            Expr::Macro(mac) => {
                self.0 |= macro_leaves_temporaries(&mac.mac);
                return;
            }
            Expr::Block(_)
            | Expr::Unsafe(_)
            | Expr::If(_)
            | Expr::Match(_)
            | Expr::Loop(_)
            | Expr::While(_)
            | Expr::ForLoop(_) => return self.visit_tails(expr),
            _ => {}
        }
        visit::visit_expr(self, expr);
    }
}

impl FindTemporaries {
    /// Temporaries in the tail of a nested construct may outlive it.
    fn visit_tails(&mut self, expr: &Expr) {
        let block = |block: &syn::Block| match block.stmts.last() {
            Some(syn::Stmt::Expr(tail, None)) => leaves_temporaries(tail),
            Some(syn::Stmt::Macro(mac)) => mac.semi_token.is_none(),
            _ => false,
        };
        self.0 |= match expr {
            Expr::Block(inner) => block(&inner.block),
            Expr::Unsafe(inner) => block(&inner.block),
            Expr::Match(matching) => {
                leaves_temporaries(&matching.expr) || leaves_part_of_value(matching)
            }
            // The temporaries of a branch end with it.
            Expr::If(_) | Expr::ForLoop(_) | Expr::Loop(_) | Expr::While(_) => false,
            _ => true,
        };
    }
}

/// A name for the future that an operand evaluates to: the function or variable it comes from.
pub(super) fn operand_name(expr: &Expr) -> String {
    let ident = match expr {
        Expr::MethodCall(call) => Some(call.method.to_string()),
        Expr::Call(call) => return operand_name(&call.func),
        Expr::Path(path) => path.path.segments.last().map(|segment| {
            let text = segment.ident.to_string();
            text.split('·').next().unwrap_or_default().to_owned()
        }),
        Expr::Field(field) => match &field.member {
            syn::Member::Named(name) => Some(name.to_string()),
            syn::Member::Unnamed(_) => None,
        },
        Expr::Paren(paren) => return operand_name(&paren.expr),
        Expr::Reference(reference) => return operand_name(&reference.expr),
        Expr::Try(operator) => return operand_name(&operator.expr),
        Expr::Macro(mac) => mac.mac.path.segments.last().map(|segment| segment.ident.to_string()),
        _ => None,
    };
    match ident {
        Some(name) if name != "new" => snake_case(name.trim_start_matches("r#")),
        _ => "future".to_owned(),
    }
}

/// `WriteAll` as `write_all`: a variable must not be named like a struct.
fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !snake.is_empty() && !snake.ends_with('_') {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}
