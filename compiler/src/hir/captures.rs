//! What a coroutine in an expression captures.
//!
//! A macro does not see which names are variables of the function around it. A name that the block
//! does not declare is taken for one if it is written like one and used like one; the generated
//! code refuses to compile if that is wrong. A name that is only called may be a function, so it is
//! left to the machine, which captures it as any closure would, if its type is `Copy`.
//!
//! The order is that of rustc: captures are dropped in the order of their first use. Arguments are
//! dropped in the reverse order, so the first use is the last argument.

use std::collections::HashSet;

use proc_macro2::Span;
use syn::visit::{self, Visit};
use syn::{Ident, parse_quote, parse_quote_spanned};

use super::resolve::free_names;
use crate::ast::{Capture, CoroutineFn};

/// A use of a name that the body does not declare.
#[derive(Clone, Debug)]
pub(super) struct FreeName {
    pub(super) name: Ident,
    pub(super) context: Context,
}

/// How a name is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Context {
    /// As any operand.
    #[default]
    Whole,
    /// Only a part of it may be meant: `name.field`, or taken apart by a pattern.
    Part,
    /// It is called, or stands in the tokens of an unknown macro: it may be anything.
    Unknown,
}

/// The function with what it captures as its arguments, if it is a block.
pub fn with_captures(mut function: CoroutineFn) -> CoroutineFn {
    let Some(form) = &mut function.block else { return function };
    let items = items_in(&function.body);
    let is_listed = |name: &Ident| form.listed.iter().any(|listed| listed == name);
    let mut used: Vec<(Ident, Vec<Context>)> = Vec::new();
    for FreeName { name, context } in free_names(&function.body) {
        match used.iter_mut().find(|(known, _)| *known == name) {
            Some((_, contexts)) => contexts.push(context),
            None => used.push((name, vec![context])),
        }
    }
    let mut captures: Vec<Capture> = Vec::new();
    for (name, contexts) in used {
        let is_found = form.is_move() && is_variable(&name) && !items.contains(&name.to_string());
        let is_known = contexts.iter().any(|context| *context != Context::Unknown);
        if is_listed(&name) || is_found && is_known {
            let is_whole = is_listed(&name) || contexts.contains(&Context::Whole);
            captures.push(Capture { name, is_whole });
        }
    }
    let found: Vec<Ident> = captures.iter().map(|capture| capture.name.clone()).collect();
    let more = form.listed.iter().filter(|listed| !found.contains(listed));
    captures.extend(more.map(|name| Capture { name: name.clone(), is_whole: true }));
    captures.reverse();
    function.signature.inputs = captures.iter().map(argument).collect();
    form.captures = captures;
    function
}

/// The argument for a captured variable. That it may change is judged by rustc, where the variable
/// is declared.
fn argument(capture: &Capture) -> syn::FnArg {
    let name = &capture.name;
    if name == "self" {
        return parse_quote!(#name);
    }
    let span = Span::mixed_site().located_at(name.span());
    parse_quote_spanned!(span=> #[allow(unused_mut)] mut #name: _)
}

/// Whether a name is written like that of a variable.
fn is_variable(name: &Ident) -> bool {
    let text = name.to_string();
    let text = text.trim_start_matches("r#").trim_start_matches('_');
    text.starts_with(|first: char| !first.is_uppercase())
}

/// The names of the items in a body.
fn items_in(body: &syn::Block) -> HashSet<String> {
    struct Items(HashSet<String>);
    impl<'ast> Visit<'ast> for Items {
        fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
            self.0.insert(item.sig.ident.to_string());
        }
        fn visit_item_const(&mut self, item: &'ast syn::ItemConst) {
            self.0.insert(item.ident.to_string());
        }
        fn visit_item_static(&mut self, item: &'ast syn::ItemStatic) {
            self.0.insert(item.ident.to_string());
        }
        fn visit_use_name(&mut self, name: &'ast syn::UseName) {
            self.0.insert(name.ident.to_string());
        }
        fn visit_use_rename(&mut self, name: &'ast syn::UseRename) {
            self.0.insert(name.rename.to_string());
        }
    }
    let mut items = Items(HashSet::new());
    visit::visit_block(&mut items, body);
    items.0
}
