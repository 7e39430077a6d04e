//! Whether there may be unsafe code in a body.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::visit::Visit;

use crate::ast::{self, CoroutineFn, macros};

/// Whether a body may have unsafe code: it says `unsafe`, calls a macro that could, or is a block that
/// stands in code that could be unsafe.
pub(super) fn may_be_in(function: &CoroutineFn) -> bool {
    let mut find = FindMacros(false);
    find.visit_block(&function.body);
    function.block.is_some() || find.0 || says_unsafe(function.body.to_token_stream())
}

fn says_unsafe(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|tree| match tree {
        TokenTree::Group(group) => says_unsafe(group.stream()),
        TokenTree::Ident(ident) => ident == "unsafe",
        _ => false,
    })
}

fn is_macro_in(expr: &syn::Expr) -> bool {
    let mut find = FindMacros(false);
    find.visit_expr(expr);
    find.0
}

/// Finds macros that are neither of the standard library nor `suspend!`.
struct FindMacros(bool);

impl<'ast> Visit<'ast> for FindMacros {
    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        if ast::is_suspend(mac) {
            let value = mac.parse_body::<syn::Expr>();
            self.0 |= value.is_ok_and(|value| is_macro_in(&value));
            return;
        }
        match macros::arguments(mac) {
            Some(arguments) => {
                self.0 |= arguments.iter().any(|argument| is_macro_in(&argument.expr));
            }
            None => self.0 |= !macros::is_inert(mac),
        }
    }
}
