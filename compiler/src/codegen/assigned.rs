//! How the variables are declared that are assigned to and are not kept in their block.
//!
//! When a value of a wrong type is assigned, rustc also points at the declaration of the variable.
//! The machine has no such variable, but a pointer. For rustc to say the same of it as of the
//! witness, the machine assigns to a variable that is declared as the user's, and moves the value
//! from there. It begins with the same literal. If it begins with another value and has no type, the
//! witness declares it in a pattern: rustc then points at its name in both, and not at the value.

use std::collections::HashMap;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::visit::{self, Visit};
use syn::{Expr, FnArg, Lit, Pat, PatIdent, Type};

use super::typed::keeps_temporaries;
use super::{Names, private_at};
use crate::Compilation;
use crate::ast::macros;
use crate::hir::{LocalId, as_local};

/// How a variable is declared.
#[derive(Default)]
pub(super) struct Declaration {
    /// Whether a value is assigned to it.
    is_assigned: bool,
    /// Whether such a value may borrow from a temporary.
    pub(super) borrows: bool,
    /// Its `mut`.
    pub(super) mutability: Option<syn::Token![mut]>,
    /// The type that the user wrote.
    pub(super) written: Option<Type>,
    /// The type of an argument, to infer.
    pub(super) inferred: Option<TokenStream>,
    /// The literal that it begins with, which may stand twice.
    pub(super) literal: Option<Lit>,
    /// Whether it begins with another value, and no type is written.
    pub(super) is_untyped: bool,
}

/// The declarations of those that are assigned to.
pub(super) fn declarations(
    compilation: &Compilation,
    names: &Names,
) -> HashMap<LocalId, Declaration> {
    let mut find = Find { found: HashMap::new() };
    find.visit_block(&compilation.function.body);
    let arguments = compilation.function.signature.inputs.iter();
    for (argument, local) in arguments.zip(&compilation.mir.arguments) {
        find.argument(argument, *local);
    }
    let mut found = find.found;
    found.retain(|local, declaration| declaration.is_assigned && !names.is_in_block(*local));
    found
}

struct Find {
    found: HashMap<LocalId, Declaration>,
}

impl Find {
    fn argument(&mut self, argument: &FnArg, local: LocalId) {
        let declaration = self.found.entry(local).or_default();
        match argument {
            FnArg::Receiver(receiver) => {
                declaration.mutability = receiver.mutability;
                declaration.inferred = Some(inferred(&receiver.self_token));
            }
            FnArg::Typed(typed) => {
                if let Pat::Ident(PatIdent { mutability, .. }) = &*typed.pat {
                    declaration.mutability = *mutability;
                }
                declaration.inferred = Some(inferred(&typed.ty));
            }
        }
    }
}

impl<'ast> Visit<'ast> for Find {
    fn visit_expr_assign(&mut self, assign: &'ast syn::ExprAssign) {
        if let Some(local) = as_local(&assign.left) {
            let declaration = self.found.entry(local).or_default();
            declaration.is_assigned = true;
            declaration.borrows |= keeps_temporaries(&assign.right);
        }
        visit::visit_expr_assign(self, assign);
    }

    fn visit_local(&mut self, local: &'ast syn::Local) {
        let (pat, ty) = match &local.pat {
            Pat::Type(typed) => (&*typed.pat, Some(&*typed.ty)),
            pat => (pat, None),
        };
        if let Pat::Ident(PatIdent { ident, subpat: None, .. }) = pat
            && let Some(id) = LocalId::from_unique(ident)
        {
            let declaration = self.found.entry(id).or_default();
            let value = local.init.as_ref().filter(|_| ty.is_none()).map(|init| &*init.expr);
            declaration.written = ty.cloned();
            match value {
                Some(Expr::Lit(literal)) => declaration.literal = Some(literal.lit.clone()),
                value => declaration.is_untyped = value.is_some(),
            }
        }
        visit::visit_local(self, local);
    }

    fn visit_pat_ident(&mut self, pat: &'ast PatIdent) {
        if let Some(local) = LocalId::from_unique(&pat.ident) {
            self.found.entry(local).or_default().mutability = pat.mutability;
        }
        visit::visit_pat_ident(self, pat);
    }

    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        let arguments = macros::arguments(mac);
        arguments.iter().flatten().for_each(|argument| self.visit_expr(&argument.expr));
    }

    fn visit_expr_closure(&mut self, _: &'ast syn::ExprClosure) {}
    fn visit_expr_async(&mut self, _: &'ast syn::ExprAsync) {}
    fn visit_item(&mut self, _: &'ast syn::Item) {}
}

/// A type to infer, located where `tokens` are.
fn inferred(tokens: &impl ToTokens) -> TokenStream {
    let mut spans = tokens.to_token_stream().into_iter().map(|tree| tree.span());
    let first = spans.next().unwrap_or_else(Span::mixed_site);
    let last = spans.last().unwrap_or(first);
    let at = |span: Span| Span::mixed_site().located_at(span);
    let private = private_at(at(first));
    let mut tokens = quote_spanned!(at(first)=> #private::Same<_);
    tokens.extend(quote_spanned!(at(last)=> >));
    tokens
}
