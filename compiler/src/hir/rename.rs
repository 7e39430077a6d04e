//! Gives one local the name of another, in code and in the tokens of macros.

use proc_macro2::{Group, TokenStream, TokenTree};
use syn::Ident;
use syn::visit_mut::VisitMut;

use super::LocalId;

/// Renames the uses of one local.
#[derive(Debug)]
pub struct Rename {
    from: LocalId,
    to: Ident,
}

impl Rename {
    /// Every use of `from` becomes one of the local with the unique name `to`.
    pub fn new(from: LocalId, to: Ident) -> Self {
        Rename { from, to }
    }

    fn tokens(&self, tokens: TokenStream) -> TokenStream {
        let rename = |tree: TokenTree| match tree {
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), self.tokens(group.stream()));
                inner.set_span(group.span());
                TokenTree::Group(inner)
            }
            TokenTree::Ident(ident) if LocalId::from_unique(&ident) == Some(self.from) => {
                let mut to = self.to.clone();
                to.set_span(ident.span());
                TokenTree::Ident(to)
            }
            tree => tree,
        };
        tokens.into_iter().map(rename).collect()
    }
}

impl VisitMut for Rename {
    fn visit_ident_mut(&mut self, ident: &mut Ident) {
        if LocalId::from_unique(ident) == Some(self.from) {
            let span = ident.span();
            *ident = self.to.clone();
            ident.set_span(span);
        }
    }

    fn visit_macro_mut(&mut self, mac: &mut syn::Macro) {
        mac.tokens = self.tokens(std::mem::take(&mut mac.tokens));
    }
}
