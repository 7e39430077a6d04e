//! Rules that need the syntax only.

use syn::visit::{self, Visit};
use syn::{Expr, ExprAwait, Macro, Safety};

use super::block::is_coroutine_block;
use super::suspends::{self as suspensions, suspends};
use super::{CoroutineFn, Flavor, macros};
use crate::diagnostics::{self, Diagnostics};

/// Reports what a coroutine cannot be, whatever its body does.
pub fn check(function: &CoroutineFn) -> Result<(), Diagnostics> {
    let mut found = Diagnostics::default();
    check_qualifiers(function, &mut found);
    let mut body = CheckBody { flavor: &function.flavor, found, depth: 0 };
    body.visit_block(&function.body);
    body.found.or_ok(())
}

fn check_qualifiers(function: &CoroutineFn, found: &mut Diagnostics) {
    let signature = &function.signature;
    if let Some(token) = &signature.constness {
        found.push(diagnostics::unsupported_qualifier(token, "const"));
    }
    if let Safety::Unsafe(token) = &signature.safety {
        found.push(diagnostics::unsupported_qualifier(token, "unsafe"));
    }
    if let Some(abi) = &signature.abi {
        found.push(diagnostics::unsupported_qualifier(abi, "extern"));
    }
    if let Some(variadic) = &signature.variadic {
        found.push(diagnostics::unsupported_qualifier(variadic, "..."));
    }
}

impl CheckBody<'_> {
    /// A condition may be a chain of `let`s and others.
    fn check_condition(&mut self, condition: &Expr) {
        match condition {
            Expr::Let(bound) => {
                self.visit_pat(&bound.pat);
                self.visit_expr(&bound.expr);
            }
            Expr::Binary(chain) if matches!(chain.op, syn::BinOp::And(_)) => {
                self.check_condition(&chain.left);
                self.check_condition(&chain.right);
            }
            condition => self.visit_expr(condition),
        }
    }

    /// The message of `assert_eq!` is evaluated only if the assertion fails.
    fn check_message(&mut self, mac: &Macro, arguments: &[macros::Argument]) {
        let is_comparison =
            |name: &syn::Ident| ["assert_eq", "assert_ne"].iter().any(|known| name == known);
        if mac.path.segments.last().is_some_and(|last| is_comparison(&last.ident)) {
            let message = arguments.iter().skip(2).find(|argument| suspends(&argument.expr));
            let report = |argument: &macros::Argument| {
                let what = "the message of a comparison";
                diagnostics::unsupported_around_suspension(&argument.expr, what)
            };
            self.found.extend(message.map(report));
        }
    }
}

/// Looks at the suspension points of the body itself.
struct CheckBody<'a> {
    flavor: &'a Flavor,
    found: Diagnostics,
    /// How many closures and `async` blocks are around.
    depth: usize,
}

impl<'ast> Visit<'ast> for CheckBody<'_> {
    fn visit_expr(&mut self, expr: &'ast Expr) {
        match expr {
            Expr::Async(block) if is_coroutine_block(block) => {}
            Expr::Closure(_) | Expr::Async(_) => {
                self.depth += 1;
                visit::visit_expr(self, expr);
                self.depth -= 1;
            }
            Expr::Yield(_) => self.found.push(diagnostics::unsupported_expression(expr, "`yield`")),
            Expr::TryBlock(_) => {
                self.found.push(diagnostics::unsupported_expression(expr, "a `try` block"))
            }
            Expr::Const(_) => {}
            Expr::Let(token) => {
                self.found.push(diagnostics::let_outside_condition(&token.let_token));
                visit::visit_expr(self, expr);
            }
            _ => visit::visit_expr(self, expr),
        }
    }

    fn visit_expr_if(&mut self, branch: &'ast syn::ExprIf) {
        self.check_condition(&branch.cond);
        self.visit_block(&branch.then_branch);
        branch.else_branch.iter().for_each(|(_, otherwise)| self.visit_expr(otherwise));
    }

    fn visit_expr_while(&mut self, round: &'ast syn::ExprWhile) {
        self.check_condition(&round.cond);
        self.visit_block(&round.body);
    }

    fn visit_pat_guard(&mut self, guarded: &'ast syn::PatGuard) {
        self.visit_pat(&guarded.pat);
        self.check_condition(&guarded.guard);
    }

    fn visit_expr_await(&mut self, expr: &'ast ExprAwait) {
        if self.depth == 0 && matches!(self.flavor, Flavor::ByHand { .. }) {
            self.found.push(diagnostics::await_by_hand(&expr.await_token));
        }
        visit::visit_expr_await(self, expr);
    }

    fn visit_macro(&mut self, mac: &'ast Macro) {
        if suspensions::is_suspend(mac) {
            if self.depth > 0 {
                self.found.push(diagnostics::suspend_in_closure(&mac.path));
            } else if matches!(self.flavor, Flavor::Async) && !mac.tokens.is_empty() {
                self.found.push(diagnostics::suspend_with_value(&mac.tokens));
            } else if !mac.tokens.is_empty() {
                match mac.parse_body::<Expr>() {
                    Ok(value) => self.visit_expr(&value),
                    Err(error) => self.found.push(diagnostics::malformed(&error)),
                }
            }
            return;
        }
        if macros::is_inert(mac) {
            return;
        }
        if let Some(spelled_out) = macros::spell_out(mac) {
            return self.visit_expr(&spelled_out);
        }
        match macros::arguments(mac) {
            Some(arguments) => {
                self.check_message(mac, &arguments);
                arguments.iter().for_each(|argument| self.visit_expr(&argument.expr))
            }
            None if self.depth == 0 && suspensions::tokens_suspend(mac.tokens.clone()) => {
                self.found.push(diagnostics::suspend_in_unknown_macro(mac));
            }
            None => {}
        }
    }

    fn visit_item(&mut self, _: &'ast syn::Item) {}
}
