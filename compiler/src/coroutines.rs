//! `#[coframe::coroutines]`: the bare form of the attribute inside a module or an implementation.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Item, Meta, parse_quote_spanned};

use crate::diagnostics::{Diagnostics, not_a_module};

/// Expands `#[coroutines] item`: each bare `#[coroutine]` in the item becomes the full path.
///
/// The bare form is ambiguous on stable Rust, where the compiler knows an unstable attribute of
/// the same name; inside an attribute's own tokens it can be rewritten before it is resolved.
pub fn expand_inside(item: TokenStream) -> TokenStream {
    let mut item: Item = match syn::parse2(item.clone()) {
        Ok(parsed) => parsed,
        Err(error) => {
            let mut tokens = Diagnostics::from(error).to_tokens();
            tokens.extend(item);
            return tokens;
        }
    };
    match &item {
        Item::Impl(_) | Item::Trait(_) => {}
        Item::Mod(module) if module.content.is_some() => {}
        _ => {
            let mut tokens = Diagnostics::from(not_a_module(&item)).to_tokens();
            item.to_tokens(&mut tokens);
            return tokens;
        }
    }
    Qualify.visit_item_mut(&mut item);
    item.into_token_stream()
}

/// Gives bare `#[coroutine]` attributes their full path.
struct Qualify;

impl VisitMut for Qualify {
    fn visit_attribute_mut(&mut self, attribute: &mut Attribute) {
        if attribute.path().is_ident("coroutine") {
            let span = attribute.path().segments[0].ident.span();
            let path = parse_quote_spanned!(span=> ::coframe::coroutine);
            match &mut attribute.meta {
                Meta::Path(bare) => *bare = path,
                Meta::List(list) => list.path = path,
                Meta::NameValue(pair) => pair.path = path,
            }
        }
        visit_mut::visit_attribute_mut(self, attribute);
    }
}
