//! How deep code may be nested: the parser and the passes call themselves for each level, and the
//! compiler's stack has an end.

use proc_macro2::{Group, TokenStream, TokenTree};

use crate::diagnostics::{self, Diagnostics, NESTING_MAX};

/// Reports the first delimiter that is nested too deeply.
pub(super) fn check(tokens: &TokenStream) -> Result<(), Diagnostics> {
    let mut groups = groups_in(tokens.clone());
    for _ in 0..NESTING_MAX {
        groups = groups.iter().flat_map(|group| groups_in(group.stream())).collect();
    }
    match groups.first() {
        Some(group) => Err(diagnostics::nested_too_deeply(group).into()),
        None => Ok(()),
    }
}

fn groups_in(tokens: TokenStream) -> Vec<Group> {
    let groups = tokens.into_iter().filter_map(|tree| match tree {
        TokenTree::Group(group) => Some(group),
        _ => None,
    });
    groups.collect()
}
