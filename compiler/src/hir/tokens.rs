//! The names of locals in the arguments of macros that are not known.
//!
//! An argument is taken for code: each name of a local is one, unless it stands after a dot or before
//! a colon. Of macros that log and that make errors more is known: what stands before `=` is the
//! name of a field, an argument that is only a name is a field of that name, and the format string
//! captures variables.

use proc_macro2::{Group, Ident, Punct, Spacing, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{LitStr, Macro};

use crate::ast::macros;

/// Finds out what a name means: its unique name, if it is one of a local.
pub(super) trait Names {
    /// A name that is used.
    fn used(&mut self, name: &Ident) -> Option<Ident>;
    /// Whether a name is one of a local.
    fn is_local(&self, name: &str) -> bool;
}

/// Renames the locals in the arguments of a macro.
pub(super) fn rename(mac: &mut Macro, names: &mut dyn Names) {
    let tokens = std::mem::take(&mut mac.tokens);
    mac.tokens = match has_fields(mac) {
        true => {
            let captured = captured(&tokens, names);
            let fields = fields(tokens, is_span(mac), names);
            quote!(#fields #captured)
        }
        false => code(tokens, names),
    };
}

/// Whether the arguments of a macro are fields, a format string and values for that.
fn has_fields(mac: &Macro) -> bool {
    const NAMES: [&str; 12] = [
        "trace", "debug", "info", "warn", "error", "event", "log", "span", "anyhow", "bail",
        "ensure", "eyre",
    ];
    let Some(last) = mac.path.segments.last() else { return false };
    let name = last.ident.to_string();
    NAMES.contains(&name.trim_end_matches("_span"))
}

/// Whether a string among the arguments is the name of a span, and no format string.
fn is_span(mac: &Macro) -> bool {
    mac.path.segments.last().is_some_and(|last| last.ident.to_string().ends_with("span"))
}

/// Names in code.
fn code(tokens: TokenStream, names: &mut dyn Names) -> TokenStream {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    let is_field = |index: usize| {
        matches!(trees.get(index + 1), Some(TokenTree::Punct(punct))
            if punct.as_char() == ':' && punct.spacing() == Spacing::Alone)
    };
    let mut after_dot = false;
    let rename = |(index, tree): (usize, TokenTree)| {
        let tree = match tree {
            TokenTree::Ident(ident) if after_dot || is_field(index) => TokenTree::Ident(ident),
            TokenTree::Ident(ident) => TokenTree::Ident(names.used(&ident).unwrap_or(ident)),
            TokenTree::Group(group) => {
                let mut renamed = Group::new(group.delimiter(), code(group.stream(), names));
                renamed.set_span(group.span());
                TokenTree::Group(renamed)
            }
            tree => tree,
        };
        after_dot = matches!(&tree, TokenTree::Punct(punct) if punct.as_char() == '.');
        tree
    };
    trees.iter().cloned().enumerate().map(rename).collect()
}

/// Names in arguments that may be fields: those before the format string.
fn fields(tokens: TokenStream, is_span: bool, names: &mut dyn Names) -> TokenStream {
    let mut renamed = TokenStream::new();
    let mut argument = Vec::new();
    let mut is_field = true;
    let mut end = |argument: &mut Vec<TokenTree>| {
        is_field &= is_span || !matches!(argument[..], [TokenTree::Literal(_)]);
        field(std::mem::take(argument), is_field, is_span, names)
    };
    for tree in tokens {
        match &tree {
            TokenTree::Punct(punct) if matches!(punct.as_char(), ',' | ';') => {
                renamed.extend(end(&mut argument));
                tree.to_tokens(&mut renamed);
            }
            _ => argument.push(tree),
        }
    }
    renamed.extend(end(&mut argument));
    renamed
}

fn field(
    argument: Vec<TokenTree>,
    is_field: bool,
    is_span: bool,
    names: &mut dyn Names,
) -> TokenStream {
    let is_sigil = |tree: &TokenTree| is_punct(tree, '?') || is_punct(tree, '%');
    let is_key = |tree: &TokenTree| matches!(tree, TokenTree::Ident(_)) || is_punct(tree, '.');
    let (sigil, path) = match argument.split_first() {
        Some((first, rest)) if is_sigil(first) => (Some(first), rest),
        _ => (None, &argument[..]),
    };
    if let ([TokenTree::Group(group)], true) = (path, is_field) {
        let mut renamed = Group::new(group.delimiter(), fields(group.stream(), is_span, names));
        renamed.set_span(group.span());
        return TokenTree::Group(renamed).into();
    }
    let stream = |trees: &[TokenTree]| trees.iter().cloned().collect::<TokenStream>();
    let is_local = matches!(path.first(), Some(TokenTree::Ident(name))
        if names.is_local(&name.to_string()));
    if is_field && is_local && path.iter().all(is_key) {
        let (key, value) = (stream(path), code(stream(path), names));
        return quote!(#key = #sigil #value);
    }
    match argument.iter().position(|tree| !is_key(tree)) {
        Some(end) if end > 0 && is_punct(&argument[end], '=') => {
            let (key, value) = argument.split_at(end + 1);
            let (key, value) = (stream(key), code(stream(value), names));
            quote!(#key #value)
        }
        _ => code(stream(&argument), names),
    }
}

fn is_punct(tree: &TokenTree, sign: char) -> bool {
    let is_alone = |punct: &Punct| punct.as_char() != '=' || punct.spacing() == Spacing::Alone;
    matches!(tree, TokenTree::Punct(punct) if punct.as_char() == sign && is_alone(punct))
}

/// The locals that the format string captures, as arguments after the others: the last string, as
/// the name of a span or a target comes before it.
fn captured(tokens: &TokenStream, names: &mut dyn Names) -> TokenStream {
    let strings = tokens.clone().into_iter().filter_map(|tree| match tree {
        TokenTree::Literal(literal) => syn::parse2::<LitStr>(literal.to_token_stream()).ok(),
        _ => None,
    });
    let mut format = None;
    for string in strings {
        let captures = macros::captures(&string.value());
        if captures.iter().any(|name| names.is_local(name)) {
            format = Some((string.span(), captures));
        }
    }
    let Some((span, captures)) = format else { return TokenStream::new() };
    let given = macros::given_names(tokens);
    let captures = captures.iter().filter(|name| names.is_local(name) && !given.contains(name));
    let idents: Vec<Ident> = captures.map(|name| Ident::new(name, span)).collect();
    let comma = match tokens.clone().into_iter().last() {
        Some(last) if is_punct(&last, ',') => None,
        _ => Some(quote!(,)),
    };
    let mut arguments = TokenStream::new();
    for ident in idents {
        let local = names.used(&ident);
        arguments.extend(quote!(#ident = #local,));
    }
    match arguments.is_empty() {
        true => arguments,
        false => quote!(#comma #arguments),
    }
}
