//! Holders: futures that have run a call once and keep what is left of its receiver.

use syn::visit::Visit;
use syn::visit_mut::VisitMut;
use syn::{Expr, Pat, Stmt};

use super::receivers::{Code, Receiver, code_of};
use super::unspill::{LastUse, is_assigned};
use crate::ast::macros;
use crate::hir::{self, LocalId, Rename};
use crate::mir::{Body, DropKind, Statement, Until, jumps_of};

/// Whether the call that may consume a local can run inside a holder: it is evaluated before
/// anything else in its statement, and control stays in it.
pub(super) fn can_hold(body: &mut Body, last: LastUse) -> bool {
    let is_plain = is_whole(body, last);
    let is_assigned = is_assigned(body, last);
    let Some(mut code) = code_of(&mut body.blocks[last.block], last.index) else { return false };
    let mentions = code.mentions(last.local);
    let Some(call) = code.leading_call(last.local) else { return false };
    let own = Code::Expr(&mut *call).mentions(last.local);
    let assigned = usize::from(is_assigned);
    own + assigned == mentions && stays(call) && (is_plain || !arguments_leave_temporaries(call))
}

/// Whether the call is all that its statement does.
fn is_whole(body: &Body, last: LastUse) -> bool {
    let is_call = |value: &Expr| {
        let captured = Receiver::of_closure(value).into_iter();
        Receiver::of(value).into_iter().chain(captured).any(|it| it.local == last.local)
    };
    match body.blocks[last.block].statements.get(last.index) {
        Some(Statement::Init { value, .. }) => is_call(value),
        Some(Statement::Let { pat: Pat::Ident(pat), value, .. }) => {
            pat.by_ref.is_none() && pat.subpat.is_none() && is_call(value)
        }
        Some(Statement::Eval(Stmt::Expr(value, Some(_)))) => is_call(value),
        _ => false,
    }
}

fn arguments_leave_temporaries(call: &Expr) -> bool {
    match call {
        Expr::MethodCall(call) => call.args.iter().any(hir::expression_leaves_temporaries),
        Expr::Call(call) => call.args.iter().any(hir::expression_leaves_temporaries),
        Expr::Struct(literal) => {
            literal.fields.iter().any(|field| hir::expression_leaves_temporaries(&field.expr))
        }
        Expr::Closure(_) | Expr::Async(_) => false,
        _ => true,
    }
}

/// Whether control stays in an expression.
pub(super) fn stays(expr: &Expr) -> bool {
    struct Leaves(bool);
    impl<'ast> Visit<'ast> for Leaves {
        fn visit_expr(&mut self, expr: &'ast Expr) {
            match expr {
                Expr::Closure(_) | Expr::Async(_) => {}
                Expr::Try(_) | Expr::Return(_) | Expr::Break(_) | Expr::Continue(_) => {
                    self.0 = true;
                }
                _ => syn::visit::visit_expr(self, expr),
            }
        }
        fn visit_macro(&mut self, mac: &'ast syn::Macro) {
            match macros::arguments(mac) {
                Some(arguments) => arguments.iter().for_each(|a| self.visit_expr(&a.expr)),
                None => self.0 = true,
            }
        }
    }
    let mut leaves = Leaves(!jumps_of(expr).is_empty());
    leaves.visit_expr(expr);
    !leaves.0
}

/// Evaluates the call inside a holder. It is declared right after the local.
pub(super) fn hold(body: &mut Body, last: LastUse) {
    let holder = body.temporary("holder");
    declare_beside(body, last.local, holder);
    body.holders.push((last.local, holder));
    let variable = body.variable_like(last.local);
    let held = body.temporary("held");
    body.declared.push(held);
    let (variable_name, held_name) = (body.unique(variable), body.unique(held));
    let is_untyped = |local: LocalId| body.locals[local].ty.is_none();
    let direct = match body.blocks[last.block].statements.get(last.index) {
        Some(Statement::Init { local, .. }) if is_whole(body, last) && is_untyped(*local) => {
            Some(*local)
        }
        _ => None,
    };
    let block = &mut body.blocks[last.block];
    let mut code = code_of(block, last.index).expect("it has code");
    let call = code.leading_call(last.local).expect("it can be held");
    let mut value = std::mem::replace(call, syn::parse_quote!(({ #held_name })));
    Rename::new(last.local, variable_name).visit_expr_mut(&mut value);
    let (moves, until) = (vec![(last.local, variable)], Until::ScopeEnd);
    match direct {
        Some(local) => {
            let hold = Statement::Hold { holder, local, value, moves, until };
            block.statements[last.index] = hold;
        }
        None => {
            let hold = Statement::Hold { holder, local: held, value, moves, until };
            block.statements.splice(last.index..last.index, [Statement::Declare(held), hold]);
        }
    }
}

/// Declares a holder right after its local.
pub(super) fn declare_beside(body: &mut Body, local: LocalId, holder: LocalId) {
    let position = body.declared.iter().position(|id| *id == local).expect("it is declared");
    body.declared.insert(position + 1, holder);
    for block in body.blocks.iter_mut() {
        if let Some(at) = block.in_scope.iter().position(|id| *id == local) {
            block.in_scope.insert(at + 1, holder);
        }
    }
}

/// Drops each new holder wherever the scope of its local ends.
pub(super) fn drop_holders(body: &mut Body, holders: &[(LocalId, LocalId)]) {
    for block in body.blocks.iter_mut() {
        let statements = std::mem::take(&mut block.statements);
        for statement in statements {
            for (local, holder) in holders {
                match statement {
                    Statement::Drop { local: ended, .. } if ended == *local => {
                        let drop = Statement::Drop { local: *holder, kind: DropKind::Unknown };
                        block.statements.push(drop);
                    }
                    Statement::DropIn2024(ended) if ended == *local => {
                        block.statements.push(Statement::DropIn2024(*holder));
                    }
                    _ => {}
                }
            }
            block.statements.push(statement);
        }
    }
}
