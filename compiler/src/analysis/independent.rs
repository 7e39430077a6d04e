//! Guesses which locals hold no reference to another one, from how they are used: as a number, or as
//! what the coroutine returns.
//!
//! Type inference would know. If a guess is wrong, rustc reports that something borrowed was moved.

use syn::visit::{self, Visit};
use syn::{BinOp, Expr, ExprBinary, ExprReturn, Lit, Macro};

use crate::ast::macros;
use crate::hir::{LocalId, as_local, root_local};
use crate::index::IdSet;
use crate::mir::{Body, Statement, Terminator};

/// The locals that are used as numbers, or returned.
pub(super) fn guess(body: &Body) -> IdSet<LocalId> {
    let mut find = Find { found: IdSet::new(body.locals.len()), sums: Vec::new() };
    for block in body.blocks.iter() {
        block.statements.iter().for_each(|statement| find.statement(statement));
        block.terminator_code().into_iter().for_each(|code| find.visit_expr(code));
        if let Terminator::Return { value: Some(value) } = &block.terminator {
            find.returned(value);
        }
    }
    for (sum, part) in std::mem::take(&mut find.sums) {
        if body.locals[sum].is_number {
            find.found.insert(part);
        }
    }
    find.found
}

struct Find {
    found: IdSet<LocalId>,
    /// What is added to which local, and the like.
    sums: Vec<(LocalId, LocalId)>,
}

impl Find {
    fn statement(&mut self, statement: &Statement) {
        match statement {
            Statement::Init { value, .. }
            | Statement::Hold { value, .. }
            | Statement::Let { value, .. } => self.visit_expr(value),
            Statement::Eval(stmt) => self.visit_stmt(stmt),
            _ => {}
        }
    }

    /// What is returned refers to nothing in the coroutine.
    fn returned(&mut self, value: &Expr) {
        match value {
            Expr::Paren(inner) => self.returned(&inner.expr),
            Expr::Tuple(tuple) => tuple.elems.iter().for_each(|elem| self.returned(elem)),
            Expr::Struct(literal) => {
                literal.fields.iter().for_each(|field| self.returned(&field.expr));
            }
            Expr::Call(call) if is_constructor(&call.func) => {
                call.args.iter().for_each(|arg| self.returned(arg));
            }
            value => self.number(value),
        }
    }

    /// Operands that are both no literals. What is added to may own a string, but refers to nothing.
    fn operands(&mut self, binary: &ExprBinary) {
        let (left, right) = (as_local(&binary.left), as_local(&binary.right));
        match binary.op {
            BinOp::AddAssign(_) => self.sums.extend(left.zip(right)),
            BinOp::Add(_) => {
                self.number(&binary.left);
                self.sums.extend(left.zip(right));
            }
            BinOp::Sub(_) | BinOp::Mul(_) | BinOp::Div(_) | BinOp::Rem(_) => {
                self.number(&binary.left);
                self.number(&binary.right);
            }
            _ => {}
        }
    }

    fn number(&mut self, expr: &Expr) {
        if let Some(local) = as_local(expr) {
            self.found.insert(local);
        }
    }
}

impl<'ast> Visit<'ast> for Find {
    fn visit_expr(&mut self, expr: &'ast Expr) {
        match expr {
            Expr::Closure(_) | Expr::Async(_) => return,
            Expr::Binary(binary) if is_number(&binary.right) => self.number(&binary.left),
            Expr::Binary(binary) if is_number(&binary.left) => self.number(&binary.right),
            Expr::Binary(binary) => self.operands(binary),
            Expr::Index(index) => {
                if let Expr::Range(range) = &*index.index {
                    range.start.iter().chain(&range.end).for_each(|bound| self.number(bound));
                }
            }
            _ => {}
        }
        visit::visit_expr(self, expr);
    }

    fn visit_expr_return(&mut self, returned: &'ast ExprReturn) {
        returned.expr.iter().for_each(|value| self.returned(value));
        visit::visit_expr_return(self, returned);
    }

    fn visit_macro(&mut self, mac: &'ast Macro) {
        for argument in macros::arguments(mac).unwrap_or_default() {
            self.visit_expr(&argument.expr);
        }
    }
}

/// Whether a statement only gives a variable a value of its own, made of what it looks at.
pub(super) fn is_copy(statement: &Statement) -> bool {
    const COPYING: [&str; 5] = ["clone", "cloned", "to_owned", "to_string", "to_vec"];
    match statement {
        Statement::Init { value, .. } | Statement::Let { value, .. } => match value {
            Expr::MethodCall(call) => {
                COPYING.iter().any(|name| call.method == name)
                    && root_local(&call.receiver).is_some()
            }
            _ => false,
        },
        _ => false,
    }
}

/// Whether an expression is the literal of a number.
fn is_number(expr: &Expr) -> bool {
    matches!(expr, Expr::Lit(literal) if matches!(literal.lit, Lit::Int(_) | Lit::Float(_)))
}

/// Whether a function is called that only puts its arguments together, by its name.
fn is_constructor(func: &Expr) -> bool {
    let Expr::Path(path) = func else { return false };
    let name = path.path.segments.last().map(|segment| segment.ident.to_string());
    name.is_some_and(|name| name.starts_with(char::is_uppercase))
}
