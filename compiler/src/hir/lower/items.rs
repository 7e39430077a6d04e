//! Items in blocks that suspend: they move to the beginning of the function, as the parts of the
//! block end up in several states.
//!
//! There an item is seen by all of the function. So nothing outside of its block may have its name.

use std::collections::HashMap;

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Item, Stmt, UseTree};

use super::Lowering;
use crate::ast::CoroutineFn;
use crate::diagnostics;

/// How often each name stands in a function, in the types of its signature or in its body.
pub(super) fn names_in(function: &CoroutineFn) -> HashMap<String, usize> {
    let mut names = HashMap::new();
    count(function.output().to_token_stream(), &mut names);
    count(function.body.to_token_stream(), &mut names);
    names
}

fn count(tokens: TokenStream, names: &mut HashMap<String, usize>) {
    for tree in tokens {
        match tree {
            TokenTree::Group(group) => count(group.stream(), names),
            TokenTree::Ident(name) => *names.entry(name.to_string()).or_default() += 1,
            _ => {}
        }
    }
}

impl Lowering {
    /// Moves the items out of a body that never suspends: it stands twice in the expansion.
    pub(super) fn move_items(&mut self, body: &mut syn::Block) {
        let is_item = |stmt: &mut Stmt| matches!(stmt, Stmt::Item(_));
        let whole = body.clone();
        for stmt in body.stmts.extract_if(.., is_item) {
            if let Stmt::Item(item) = stmt {
                self.item(&item, &whole);
            }
        }
    }

    /// Moves an item out of its block.
    pub(super) fn item(&mut self, item: &Item, block: &syn::Block) {
        let mut inside = HashMap::new();
        count(block.to_token_stream(), &mut inside);
        let is_seen_outside = |name: &Ident| {
            let name = name.to_string();
            name != "_" && inside.get(&name) != self.names.get(&name)
        };
        let mut declared = Vec::new();
        names_of(item, &mut declared);
        if let Some(name) = declared.iter().find(|name| is_seen_outside(name)) {
            self.found.push(diagnostics::item_in_suspending_block(name));
        }
        self.body.items.push(item.clone());
    }
}

/// The names that an item declares.
fn names_of(item: &Item, into: &mut Vec<Ident>) {
    let name = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::ExternCrate(item) => item.rename.as_ref().map_or(&item.ident, |(_, name)| name),
        Item::Fn(item) => &item.sig.ident,
        Item::Mod(item) => &item.ident,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        Item::Macro(item) => match &item.ident {
            Some(name) => name,
            None => return,
        },
        Item::Use(item) => return imported(&item.tree, None, into),
        _ => return,
    };
    into.push(name.clone());
}

fn imported(tree: &UseTree, around: Option<&Ident>, into: &mut Vec<Ident>) {
    match tree {
        UseTree::Path(path) => imported(&path.tree, Some(&path.ident), into),
        UseTree::Name(name) if name.ident == "self" => into.extend(around.cloned()),
        UseTree::Name(name) => into.push(name.ident.clone()),
        UseTree::Rename(rename) => into.push(rename.rename.clone()),
        UseTree::Group(group) => {
            group.items.iter().for_each(|tree| imported(tree, around, into));
        }
        UseTree::Glob(_) => {}
    }
}
