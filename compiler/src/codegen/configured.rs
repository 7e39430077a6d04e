//! Bodies with `#[cfg]` in them, which are expanded in several steps.
//!
//! An attribute macro sees the code before it is known what is compiled. But a derive macro sees
//! its item with every `#[cfg]` evaluated. So the first step puts the function into a struct:
//!
//! ```text
//! fn name(arguments) -> impl Future<Output = R> {
//!     #[derive(Configured)]
//!     #[discard]
//!     #[coframe_arguments(attribute arguments)]
//!     struct Deferred([(); { async fn name(arguments) -> R { .. } }]);
//! }
//! ```
//!
//! `discard` makes nothing of the struct. `Configured` repeats it, without what is not compiled,
//! under the attribute `configured`, and that becomes the body. A derive macro cannot make the body
//! itself: it makes items only.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ItemStruct, Meta, Stmt, Type};

use super::signature;
use crate::ast::{CoroutineFn, unmark_blocks};
use crate::diagnostics::{self, Diagnostics};

/// The function with a body that is expanded when it is known what is compiled; `None` if nothing
/// in it depends on that.
pub fn defer(function: &CoroutineFn, arguments: &TokenStream) -> Option<TokenStream> {
    if !is_conditional(function.body.to_token_stream()) {
        return None;
    }
    let head = signature::emit(function);
    let (signature, body) = (&function.signature, &function.body);
    let deferred = quote_spanned! {Span::call_site()=>
        #[derive(::coframe::__private::Configured)]
        #[::coframe::__private::discard]
        #[coframe_arguments(#arguments)]
        struct Deferred([(); { #signature #body }]);
    };
    let body = signature::hide(function, deferred);
    Some(unmark_blocks(quote!(#head { #body })))
}

/// Refuses a block in an expression of which it is not known what is compiled: the steps above make
/// items.
pub fn check_configuration(block: &CoroutineFn) -> Result<(), Diagnostics> {
    match find_configuration(block.body.to_token_stream()) {
        Some(name) => Err(diagnostics::configured_block(&name).into()),
        None => Ok(()),
    }
}

/// What the derive macro makes of what `defer` made: the last step.
pub fn configure(item: TokenStream) -> TokenStream {
    let Ok(mut item) = syn::parse2::<ItemStruct>(item) else { return TokenStream::new() };
    let mut arguments = TokenStream::new();
    for attribute in std::mem::take(&mut item.attrs) {
        if let (true, Meta::List(list)) =
            (attribute.path().is_ident("coframe_arguments"), attribute.meta)
        {
            arguments = list.tokens;
        }
    }
    quote_spanned! {Span::call_site()=>
        #[::coframe::__private::configured(#arguments)]
        #item
    }
}

/// The function in what `configure` made.
pub fn deferred(item: TokenStream) -> Option<TokenStream> {
    let item: ItemStruct = syn::parse2(item).ok()?;
    let Type::Array(array) = item.fields.into_iter().next()?.ty else { return None };
    let Expr::Block(block) = array.len else { return None };
    match block.block.stmts.into_iter().next()? {
        Stmt::Item(mut function) => {
            RemoveSemicolons.visit_item_mut(&mut function);
            Some(function.into_token_stream())
        }
        _ => None,
    }
}

/// Removes the semicolons that are left of statements which are not compiled.
struct RemoveSemicolons;

impl VisitMut for RemoveSemicolons {
    fn visit_block_mut(&mut self, block: &mut syn::Block) {
        visit_mut::visit_block_mut(self, block);
        let is_empty = |stmt: &Stmt| matches!(stmt, Stmt::Expr(Expr::Verbatim(tokens), Some(_)) if tokens.is_empty());
        block.stmts.retain(|stmt| !is_empty(stmt));
    }
}

/// Whether there is a `#[cfg]` or `#[cfg_attr]` in the tokens.
fn is_conditional(tokens: TokenStream) -> bool {
    find_configuration(tokens).is_some()
}

/// The name of the first `#[cfg]` or `#[cfg_attr]` in the tokens.
fn find_configuration(tokens: TokenStream) -> Option<TokenTree> {
    let mut after_pound = false;
    tokens.into_iter().find_map(|tree| {
        let is_attribute = std::mem::replace(&mut after_pound, false);
        match tree {
            TokenTree::Punct(punct) => {
                after_pound = punct.as_char() == '#' || is_attribute && punct.as_char() == '!';
                None
            }
            TokenTree::Group(group) => {
                let first = group.stream().into_iter().next();
                let is_cfg = matches!(&first, Some(TokenTree::Ident(name))
                    if name == "cfg" || name == "cfg_attr");
                let name = first.filter(|_| is_attribute && is_cfg);
                name.or_else(|| find_configuration(group.stream()))
            }
            _ => None,
        }
    })
}
