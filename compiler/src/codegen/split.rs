//! Taking a value apart of which something is left.
//!
//! Where the syntax does not tell what a pattern moves out of a value, rustc decides: a holder, an
//! anonymous future, matches the value, moves what the pattern binds to the slots of the bindings
//! and then keeps the rest. Dropping the holder drops the rest.
//!
//! ```text
//! async { match read(value) { (x, ..) => { put(x); matched = 0; pending().await } } }
//! ```

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use syn::parse_quote_spanned;
use syn::visit_mut::VisitMut;

use super::machine::{Incoming, Machine};
use super::{Names, original_names, private, unsafe_token};
use crate::hir::{LocalId, bindings};
use crate::mir::Arm;

impl Machine<'_> {
    /// A match on the value of a local, whose rest is kept in `holder`.
    pub(super) fn split(&self, value: LocalId, holder: LocalId, arms: &[Arm]) -> TokenStream {
        let private = private();
        let (keeper, future) = (self.names.field(holder), self.pointer(holder));
        let mut bound: Vec<LocalId> = arms.iter().flat_map(|arm| bindings(&arm.pat)).collect();
        bound.sort();
        bound.dedup();
        let pointers = std::iter::once(&value).chain(&bound).map(|local| self.pointer(*local));
        let taken = self.has_flag(value).then(|| {
            let field = self.names.field(value);
            emit!(live.#field.set(false);)
        });
        let held = self.split_holder(&bound, arms);
        let targets = arms.iter().enumerate().map(|(number, arm)| {
            let block = self.block(arm.target, &Incoming::Kept);
            emit!(#number => { #block })
        });
        emit! {
            let mut matched = 0usize;
            let mut pointers = (
                #private::Captured::new(&raw mut matched),
                #(#private::Captured::new(#pointers),)*
            );
            let pointers = #private::Captured::new(&raw mut pointers);
            #private::write(#future, #held);
            #taken
            live.#keeper.set(true);
            #private::hold(#future);
            match matched { #(#targets)* _ => ::core::unreachable!() }
        }
    }

    /// The future that matches the value and keeps what is left of it.
    fn split_holder(&self, bound: &[LocalId], arms: &[Arm]) -> TokenStream {
        let (private, unsafe_token) = (private(), unsafe_token());
        let arms = arms.iter().enumerate().map(|(number, arm)| {
            let (pattern, of_arm) = (self.pattern(&arm.pat), bindings(&arm.pat));
            let guard = arm.guard.as_ref().map(|guard| {
                let mut guard = guard.clone();
                Bound { names: self.names, locals: &of_arm }.visit_expr_mut(&mut guard);
                emit!(if #guard)
            });
            let puts = of_arm.iter().map(|local| {
                let position = bound.iter().position(|id| id == local).expect("an arm binds it");
                self.put(position + 2, *local)
            });
            emit! {
                #pattern #guard => {
                    #(#puts)*
                    #unsafe_token { #private::write((*pointers.get()).0.get(), #number) };
                    #private::pending().await
                }
            }
        });
        let held = parse_quote_spanned! {Span::mixed_site()=>
            async {
                match #unsafe_token { #private::read((*pointers.get()).1.get()) } {
                    #(#arms)*
                    _ => ::core::unreachable!(),
                }
            }
        };
        original_names(self.closure(&held, Some(&[])))
    }

    /// Moves a binding to its slot, whose address is one of the pointers.
    fn put(&self, position: usize, local: LocalId) -> TokenStream {
        let (private, unsafe_token) = (private(), unsafe_token());
        let value = self.names.incoming(local);
        let position = syn::Index { index: position as u32, span: Span::mixed_site() };
        emit! {
            if false {
                loop {}
                #private::same((*pointers.get()).#position.get(), &raw const #value);
            }
            #unsafe_token { #private::put((*pointers.get()).#position, #value) };
        }
    }
}

/// Gives the bindings of an arm, in its guard, the names that the pattern has for them.
struct Bound<'a> {
    names: &'a Names,
    locals: &'a [LocalId],
}

impl Bound<'_> {
    fn tokens(&self, tokens: TokenStream) -> TokenStream {
        let rename = |tree: TokenTree| match tree {
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), self.tokens(group.stream()));
                inner.set_span(group.span());
                TokenTree::Group(inner)
            }
            TokenTree::Ident(mut ident) => {
                self.rename(&mut ident);
                TokenTree::Ident(ident)
            }
            tree => tree,
        };
        tokens.into_iter().map(rename).collect()
    }

    fn rename(&self, ident: &mut Ident) {
        if let Some(local) = LocalId::from_unique(ident).filter(|id| self.locals.contains(id)) {
            *ident = self.names.incoming(local);
        }
    }
}

impl VisitMut for Bound<'_> {
    fn visit_ident_mut(&mut self, ident: &mut Ident) {
        self.rename(ident);
    }

    fn visit_macro_mut(&mut self, mac: &mut syn::Macro) {
        mac.tokens = self.tokens(std::mem::take(&mut mac.tokens));
    }
}
