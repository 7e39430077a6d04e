//! The operands of each kind of expression, in rustc's order of evaluation.

use syn::{Expr as Syntax, UnOp};

use super::place;
use crate::ast::macros::{self, Passing};
use crate::ast::suspends;
use crate::diagnostics::{self, Diagnostic};
use crate::hir::assignment::is_compound;

/// Visits the operands of an expression in rustc's order of evaluation.
pub(super) fn children_of(expr: &mut Syntax, visit: &mut dyn FnMut(&mut Syntax, Passing)) {
    let value = Passing::Value;
    match expr {
        Syntax::Call(call) => {
            visit(&mut call.func, Passing::Place);
            call.args.iter_mut().for_each(|argument| visit(argument, value));
        }
        Syntax::MethodCall(call) => {
            visit(&mut call.receiver, Passing::Place);
            call.args.iter_mut().for_each(|argument| visit(argument, value));
        }
        Syntax::Binary(binary) if is_compound(binary.op) => {
            visit(&mut binary.right, value);
            assignee(&mut binary.left, visit);
        }
        Syntax::Binary(binary) => {
            let passing = if place::is_comparison(binary) { Passing::Place } else { value };
            visit(&mut binary.left, passing);
            visit(&mut binary.right, passing);
        }
        Syntax::Assign(assign) => {
            visit(&mut assign.right, value);
            assignee(&mut assign.left, visit);
        }
        Syntax::Index(index) => {
            visit(&mut index.expr, Passing::Place);
            visit(&mut index.index, value);
        }
        Syntax::Struct(literal) => {
            literal.fields.iter_mut().for_each(|field| visit(&mut field.expr, value));
            if let Some(rest) = &mut literal.rest {
                visit(rest, Passing::Place);
            }
        }
        Syntax::Tuple(tuple) => tuple.elems.iter_mut().for_each(|elem| visit(elem, value)),
        Syntax::Array(array) => array.elems.iter_mut().for_each(|elem| visit(elem, value)),
        Syntax::Range(range) => {
            range.start.iter_mut().for_each(|bound| visit(bound, value));
            range.end.iter_mut().for_each(|bound| visit(bound, value));
        }
        Syntax::Macro(mac) => {
            macros::map_arguments(&mut mac.mac, |argument, passing| visit(argument, passing));
        }
        expr => only_child(expr, visit),
    }
}

/// Visits the place that is assigned to, if it suspends: it is evaluated after the value.
fn assignee(left: &mut Syntax, visit: &mut dyn FnMut(&mut Syntax, Passing)) {
    if suspends(left) {
        visit(left, Passing::Place);
    }
}

/// Visits the operand of an expression that has one.
fn only_child(expr: &mut Syntax, visit: &mut dyn FnMut(&mut Syntax, Passing)) {
    match expr {
        Syntax::Reference(inner) => visit(&mut inner.expr, Passing::Place),
        Syntax::RawAddr(inner) => visit(&mut inner.expr, Passing::Place),
        Syntax::Field(inner) => visit(&mut inner.base, Passing::Place),
        Syntax::Unary(inner) => {
            let is_deref = matches!(inner.op, UnOp::Deref(_));
            visit(&mut inner.expr, if is_deref { Passing::Place } else { Passing::Value });
        }
        Syntax::Try(inner) => visit(&mut inner.expr, Passing::Value),
        Syntax::Cast(inner) => visit(&mut inner.expr, Passing::Value),
        Syntax::Paren(inner) => visit(&mut inner.expr, Passing::Value),
        Syntax::Group(inner) => visit(&mut inner.expr, Passing::Value),
        Syntax::Repeat(inner) => visit(&mut inner.expr, Passing::Value),
        Syntax::Break(inner) => {
            if let Some(value) = &mut inner.expr {
                visit(value, Passing::Value);
            }
        }
        _ => {}
    }
}

/// What is wrong with an expression of whose operands nothing is known.
pub(super) fn unsupported(expr: &Syntax) -> Option<Diagnostic> {
    let what = match expr {
        Syntax::Let(_) => "`let` in this position",
        Syntax::Verbatim(_) => "this syntax",
        _ => return None,
    };
    Some(diagnostics::unsupported_around_suspension(expr, what))
}
