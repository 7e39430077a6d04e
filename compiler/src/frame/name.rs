//! Names of fields and states.

use std::collections::HashSet;

use proc_macro2::Span;
use syn::Ident;

use super::State;
use crate::analysis::{Analysis, Home};
use crate::hir::LocalId;
use crate::index::IndexVec;
use crate::mir::{Body, Terminator};

/// Makes names unique by a number at their end: `v4_2` is not when there is `v42`, as both name the
/// type parameter `V42`.
struct Taken(HashSet<String>);

impl Taken {
    fn unique(&mut self, name: &str) -> String {
        let mut unique = name.to_owned();
        let mut number = 2;
        while !self.0.insert(camel_case(&unique)) {
            unique = match name.ends_with(|c: char| c.is_ascii_digit()) {
                true => format!("{name}_{number}"),
                false => format!("{name}{number}"),
            };
            number += 1;
        }
        unique
    }
}

/// The names of the locals that are not kept in their block: those of the user, made unique.
pub(super) fn locals(body: &Body, analysis: &Analysis) -> IndexVec<LocalId, Option<Ident>> {
    const GENERATED: [&str; 10] =
        ["frame", "state", "live", "context", "end", "value", "given", "self", "pinned", "sharing"];
    let mut taken = Taken(GENERATED.iter().map(|name| camel_case(name)).collect());
    let mut names = IndexVec::filled(body.locals.len(), None);
    for local in &body.declared {
        if analysis.homes[*local] == Home::Block || names[*local].is_some() {
            continue;
        }
        let name = &body.locals[*local].name;
        let text = name.to_string();
        let unique = taken.unique(text.trim_start_matches("r#"));
        let span = name.span().resolved_at(Span::mixed_site());
        names[*local] = Some(identifier(&unique, span));
    }
    names
}

/// An identifier, raw if it is a keyword.
fn identifier(name: &str, span: Span) -> Ident {
    match syn::parse_str::<Ident>(name) {
        Ok(_) => Ident::new(name, span),
        Err(_) => Ident::new_raw(name, span),
    }
}

/// `write_all` as `WriteAll`.
pub(crate) fn camel_case(name: &str) -> String {
    let name = name.trim_start_matches("r#");
    let mut camel = String::new();
    for word in name.split('_').filter(|word| !word.is_empty()) {
        let mut letters = word.chars();
        camel.extend(letters.next().into_iter().flat_map(char::to_uppercase));
        camel.push_str(letters.as_str());
    }
    match camel.starts_with(|c: char| c.is_alphabetic()) {
        true => camel,
        false => format!("V{camel}"),
    }
}

/// The states: one for each head of the graph, named after what it waits for.
pub(super) fn states(body: &Body, analysis: &Analysis) -> Vec<State> {
    let reserved = ["Start", "Returned", "Poisoned", "Self"];
    let mut taken = Taken(reserved.iter().map(|name| (*name).to_owned()).collect());
    let (heads, repeated) = (body.heads(), body.repeated());
    let suspensions = &analysis.suspensions;
    let mut states = Vec::new();
    for block in body.reachable() {
        if !heads.contains(block) || block == body.entry() || !analysis.init.is_reached(block) {
            continue;
        }
        let is_repeated = repeated.contains(block);
        let suspension = suspensions.iter().position(|suspension| suspension.resume == block);
        let (name, source) = match suspension.map(|index| suspensions[index].block) {
            Some(before) => match &body.blocks[before].terminator {
                Terminator::Await { future, source, .. } => {
                    let name = camel_case(&body.locals[*future].name.to_string());
                    (name, Some(source.clone()))
                }
                Terminator::Suspend { source, .. } => ("Suspend".to_owned(), Some(source.clone())),
                _ => unreachable!("only these suspend"),
            },
            None => ((if is_repeated { "Loop" } else { "Join" }).to_owned(), None),
        };
        let name = Ident::new(&taken.unique(&name), Span::mixed_site());
        states.push(State { block, name, suspension, is_repeated, source });
    }
    states
}
