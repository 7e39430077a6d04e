//! Constants that code may change: `&mut None`, `match None { Some(ref mut x) => .. }`.
//!
//! A shared reference to one is `'static`, so it needs no name. What is changed is a temporary: it is put
//! into a block, which tells that it is a value.

use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, ExprBlock, Pat, Stmt};

use super::place;
use crate::ast::macros;
use crate::hir::destructure;

/// Puts constants into blocks that a reference or a pattern may change.
pub(super) fn make_temporaries(body: &mut Block) {
    MakeTemporaries.visit_block_mut(body);
}

struct MakeTemporaries;

impl VisitMut for MakeTemporaries {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        match expr {
            Expr::Reference(reference) if reference.mutability.is_some() => {
                into_block(&mut reference.expr);
            }
            Expr::Match(matching) if matching.arms.iter().any(|arm| may_change(&arm.pat)) => {
                into_block(&mut matching.expr);
            }
            Expr::Let(test) if may_change(&test.pat) => into_block(&mut test.expr),
            _ => {}
        }
    }

    fn visit_local_mut(&mut self, local: &mut syn::Local) {
        visit_mut::visit_local_mut(self, local);
        if let Some(init) = &mut local.init
            && may_change(&local.pat)
        {
            into_block(&mut init.expr);
        }
    }

    fn visit_macro_mut(&mut self, mac: &mut syn::Macro) {
        macros::map_arguments(mac, |argument, _| self.visit_expr_mut(argument));
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}

fn may_change(pat: &Pat) -> bool {
    destructure::binds_by_mutable_reference(pat)
}

fn into_block(value: &mut Expr) {
    match value {
        Expr::Paren(paren) => return into_block(&mut paren.expr),
        value if !is_constant(value) => return,
        _ => {}
    }
    let brace_token = syn::token::Brace(value.span());
    let inner = std::mem::replace(value, Expr::PLACEHOLDER);
    let block = Block { brace_token, stmts: vec![Stmt::Expr(inner, None)] };
    *value = Expr::Block(ExprBlock { attrs: Vec::new(), label: None, block });
}

/// Whether a value is known where it is compiled, and is no static. An empty array needs no memory.
fn is_constant(value: &Expr) -> bool {
    match value {
        Expr::Path(path) => {
            let last = path.path.segments.last().map(|segment| segment.ident.to_string());
            let is_variant = |name: String| {
                name.starts_with(char::is_uppercase) && name.contains(char::is_lowercase)
            };
            path.qself.is_none() && last.is_some_and(is_variant)
        }
        Expr::Array(array) if array.elems.is_empty() => false,
        value => place::is_promotable(value),
    }
}
