//! Names that rustc may mean when it says that a name is not known, but a similar one is.
//!
//! The machine has other variables than the witness, so it would be told of other similar names,
//! and the mistake twice. So where the body has a value whose name is not one of a local, all
//! locals are declared at the beginning of the machine, without a use: but those whose name also
//! stands for something else in the body.

use std::collections::HashSet;

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::{Expr, ExprPath};

use crate::Compilation;
use crate::hir::{LocalId, LocalKind};

/// The declarations.
pub(super) fn emit(compilation: &Compilation) -> TokenStream {
    let mut find = FindUnknown(false);
    find.visit_block(&compilation.function.body);
    if !find.0 {
        return TokenStream::new();
    }
    let mut others = HashSet::new();
    others_in(compilation.function.body.to_token_stream(), &mut others);
    compilation.mir.items.iter().for_each(|item| others_in(item.to_token_stream(), &mut others));
    let locals = compilation.mir.locals.iter();
    let named = locals.filter(|local| local.kind == LocalKind::Binding || !local.is_generated());
    let names: HashSet<&Ident> = named.map(|local| &local.name).collect();
    let mut names: Vec<&Ident> =
        names.into_iter().filter(|name| !others.contains(&name.to_string())).collect();
    names.sort();
    emit!(#(let #names = ();)*)
}

/// Looks for a value, which is not called, with a name that is not one of a local.
struct FindUnknown(bool);

impl<'ast> Visit<'ast> for FindUnknown {
    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        if !matches!(*call.func, Expr::Path(_)) {
            self.visit_expr(&call.func);
        }
        call.args.iter().for_each(|argument| self.visit_expr(argument));
    }

    fn visit_expr_path(&mut self, path: &'ast ExprPath) {
        self.0 |= path.path.get_ident().is_some_and(|ident| {
            LocalId::from_unique(ident).is_none()
                && ident.to_string().starts_with(char::is_lowercase)
        });
        visit::visit_expr_path(self, path);
    }

    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        let arguments = crate::ast::macros::arguments(mac);
        arguments.iter().flatten().for_each(|argument| self.visit_expr(&argument.expr));
    }
}

/// The names in tokens that are not those of locals.
fn others_in(tokens: TokenStream, found: &mut HashSet<String>) {
    for tree in tokens {
        match tree {
            TokenTree::Group(group) => others_in(group.stream(), found),
            TokenTree::Ident(ident) if LocalId::from_unique(&ident).is_none() => {
                found.insert(ident.to_string());
            }
            _ => {}
        }
    }
}
