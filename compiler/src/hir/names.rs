//! From the unique names back to the user's.

use proc_macro2::{Group, Ident, Spacing, Span, TokenStream, TokenTree};

use super::{LocalId, without_occurrence};

/// Code with the user's names in place of the unique ones, and without the labels that loops got.
pub fn original_names(tokens: TokenStream) -> TokenStream {
    let mut restored = Vec::new();
    let mut trees = tokens.into_iter().peekable();
    while let Some(tree) = trees.next() {
        let is_quote = matches!(&tree, TokenTree::Punct(punct) if punct.as_char() == '\'');
        if is_quote
            && let Some(TokenTree::Ident(label)) = trees.peek()
            && is_generated_label(label)
        {
            trees.next();
            trees.next_if(is_colon);
            continue;
        }
        restored.push(match tree {
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), original_names(group.stream()));
                inner.set_span(group.span());
                TokenTree::Group(inner)
            }
            TokenTree::Ident(ident) => TokenTree::Ident(original(&ident)),
            tree => tree,
        });
    }
    restored.into_iter().collect()
}

/// Whether a token is the colon after a label, and not the beginning of a path.
fn is_colon(tree: &TokenTree) -> bool {
    matches!(tree, TokenTree::Punct(p) if p.as_char() == ':' && p.spacing() == Spacing::Alone)
}

/// Whether `resolve` made up a label for a loop without one.
fn is_generated_label(label: &Ident) -> bool {
    label.to_string().starts_with("loop·")
}

/// The user's name for a unique name.
fn original(ident: &Ident) -> Ident {
    let text = ident.to_string();
    let Some((name, number)) = without_occurrence(&text).rsplit_once('·') else {
        return ident.clone();
    };
    if let Some(temporary) = name.strip_suffix('·') {
        return Ident::new(&format!("__{temporary}_{number}"), ident.span());
    }
    let span = match name {
        "self_" => ident.span().resolved_at(Span::mixed_site()),
        _ => ident.span(),
    };
    match syn::parse_str::<Ident>(name) {
        Ok(_) => Ident::new(name, span),
        Err(_) => Ident::new_raw(name, span),
    }
}

/// The locals that tokens name.
pub fn locals_in(tokens: &TokenStream) -> Vec<LocalId> {
    let mut locals = Vec::new();
    for tree in tokens.clone() {
        match tree {
            TokenTree::Group(group) => locals.extend(locals_in(&group.stream())),
            TokenTree::Ident(ident) => locals.extend(LocalId::from_unique(&ident)),
            _ => {}
        }
    }
    locals
}
