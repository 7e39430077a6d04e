//! Before edition 2024, `if let` is a `match`: its temporaries live to the end of the statement around it.
//!
//! What does not suspend stays as the user wrote it, except beside a suspension: there it is evaluated in a
//! statement of its own.

use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, ExprMatch, Stmt, parse_quote_spanned};

use crate::ast::{self, macros};
use crate::hir::destructure::takes_elements;

/// Makes matches of them, in statements that suspend; whether there were any.
pub(super) fn as_matches(body: &mut Block) -> bool {
    let mut matches = AsMatches(false);
    matches.visit_block_mut(body);
    matches.0
}

struct AsMatches(bool);

impl VisitMut for AsMatches {
    fn visit_block_mut(&mut self, block: &mut Block) {
        let last = block.stmts.len().saturating_sub(1);
        for (index, stmt) in block.stmts.iter_mut().enumerate() {
            let is_tail = index == last && matches!(stmt, Stmt::Expr(_, None));
            if is_tail || ast::stmt_suspends(stmt) {
                self.visit_stmt_mut(stmt);
            }
        }
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        let Expr::If(branch) = expr else { return };
        let Expr::Let(test) = &*branch.cond else { return };
        // Which elements of an array are left depends on where the test fails, see `analysis::elements`.
        if takes_elements(&test.pat) {
            return;
        }
        let (pat, then) = (&test.pat, &branch.then_branch);
        let otherwise = match &branch.else_branch {
            Some((_, otherwise)) => (**otherwise).clone(),
            None => parse_quote_spanned!(then.span()=> {}),
        };
        let mut matching: ExprMatch = parse_quote_spanned! {branch.if_token.span=>
            match () { #pat => #then, _ => #otherwise, }
        };
        matching.expr = test.expr.clone();
        matching.attrs = std::mem::take(&mut branch.attrs);
        *expr = Expr::Match(matching);
        self.0 = true;
    }

    fn visit_macro_mut(&mut self, mac: &mut syn::Macro) {
        macros::map_arguments(mac, |argument, _| self.visit_expr_mut(argument));
    }

    fn visit_expr_closure_mut(&mut self, _: &mut syn::ExprClosure) {}
    fn visit_expr_async_mut(&mut self, _: &mut syn::ExprAsync) {}
    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}
