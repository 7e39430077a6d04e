//! The macros of the standard library whose arguments are expressions, and those of `waits`.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::parse::{ParseStream, Parser};
use syn::{Expr, Ident, LitStr, Macro, Pat, Token};

use super::{suspends, waits};

/// What a macro does with an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passing {
    /// It is an operand, used by value.
    Value,
    /// It is a place that is borrowed or called.
    Place,
}

/// One argument of a known macro that is an expression.
#[derive(Clone, Debug)]
pub struct Argument {
    /// The expression.
    pub expr: Expr,
    /// What happens to it.
    pub passing: Passing,
}

/// The parts of a macro call: expressions, and the tokens between them.
#[allow(clippy::large_enum_variant, reason = "syn nodes are large, and few")]
enum Part {
    Tokens(TokenStream),
    Argument(Argument),
}

/// The expressions in a call of a known macro, in order of evaluation; `None` if it is not known.
pub fn arguments(mac: &Macro) -> Option<Vec<Argument>> {
    let keep = |part| match part {
        Part::Argument(argument) => Some(argument),
        Part::Tokens(_) => None,
    };
    Some(parse(mac)?.into_iter().filter_map(keep).collect())
}

/// Changes each expression in a call of a known macro; false if the macro is not known.
pub fn map_arguments(mac: &mut Macro, mut change: impl FnMut(&mut Expr, Passing)) -> bool {
    let Some(parts) = parse(mac) else { return false };
    let mut tokens = TokenStream::new();
    for part in parts {
        match part {
            Part::Tokens(between) => tokens.extend(between),
            Part::Argument(mut argument) => {
                change(&mut argument.expr, argument.passing);
                argument.expr.to_tokens(&mut tokens);
            }
        }
    }
    mac.tokens = tokens;
    true
}

/// Turns inline captures, as in `"{x}"`, into named arguments, as in `"{x}", x = x`.
pub fn spell_out_captures(mac: &mut Macro) {
    if leading_arguments(mac).is_none() {
        return;
    }
    let mut format = None;
    for tree in mac.tokens.clone() {
        match tree {
            TokenTree::Literal(literal) if format.is_none() => {
                format = syn::parse2::<LitStr>(literal.to_token_stream()).ok();
            }
            _ => {}
        }
    }
    let Some(format) = format else { return };
    let given = given_names(&mac.tokens);
    let mut captures = captures(&format.value());
    captures.retain(|name| !given.contains(name));
    if captures.is_empty() {
        return;
    }
    let mut tokens: Vec<TokenTree> = mac.tokens.clone().into_iter().collect();
    if matches!(tokens.last(), Some(TokenTree::Punct(punct)) if punct.as_char() == ',') {
        tokens.pop();
    }
    let idents = captures.iter().filter_map(|name| {
        let mut ident = syn::parse_str::<Ident>(name).ok()?;
        ident.set_span(format.span());
        Some(ident)
    });
    let tokens: TokenStream = tokens.into_iter().collect();
    mac.tokens = quote!(#tokens #(, #idents = #idents)*);
}

/// The names `n` of the arguments `n = ..` in the tokens of a formatting macro.
pub fn given_names(tokens: &TokenStream) -> Vec<String> {
    let trees: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let mut names = Vec::new();
    for window in trees.windows(3) {
        if let [TokenTree::Punct(comma), TokenTree::Ident(name), TokenTree::Punct(equals)] = window
            && comma.as_char() == ','
            && equals.as_char() == '='
            && equals.spacing() == proc_macro2::Spacing::Alone
        {
            names.push(name.to_string());
        }
    }
    names
}

/// The variables that a format string captures, each once: `{x}`, `{x:?}`, `{:w$}`, `{:.p$}`.
pub fn captures(format: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut add = |name: &str| {
        let starts_like_a_name = name.starts_with(|c: char| c.is_alphabetic() || c == '_');
        if starts_like_a_name && !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    };
    let mut rest = format;
    while let Some(open) = rest.find('{') {
        rest = &rest[open + 1..];
        if let Some(escaped) = rest.strip_prefix('{') {
            rest = escaped;
            continue;
        }
        let Some(close) = rest.find('}') else { break };
        let (placeholder, after) = (&rest[..close], &rest[close + 1..]);
        let (argument, spec) = placeholder.split_once(':').unwrap_or((placeholder, ""));
        add(argument.trim());
        for (dollar, _) in spec.match_indices('$') {
            let is_name = |c: char| c.is_alphanumeric() || c == '_';
            let start = spec[..dollar]
                .rfind(|c| !is_name(c))
                .map_or(0, |at| at + spec[at..].chars().next().map_or(1, char::len_utf8));
            add(&spec[start..dollar]);
        }
        rest = after;
    }
    names
}

/// Whether a macro only looks at its tokens, and evaluates none of them.
pub fn is_inert(mac: &Macro) -> bool {
    const INERT: [&str; 12] = [
        "stringify",
        "concat",
        "file",
        "line",
        "column",
        "module_path",
        "include_str",
        "include_bytes",
        "env",
        "option_env",
        "cfg",
        "compile_error",
    ];
    mac.path.segments.last().is_some_and(|last| INERT.iter().any(|name| last.ident == name))
}

/// Whether the temporaries of a macro's arguments live on after it. Those of the others are blocks,
/// or end in a condition.
pub fn keeps_temporaries(mac: &Macro) -> bool {
    const ENDS: [&str; 13] = [
        "print",
        "println",
        "eprint",
        "eprintln",
        "format",
        "panic",
        "unreachable",
        "todo",
        "unimplemented",
        "assert",
        "debug_assert",
        "debug_assert_eq",
        "debug_assert_ne",
    ];
    mac.path.segments.last().is_none_or(|last| ENDS.iter().all(|name| last.ident != name))
}

/// How a formatting macro passes the arguments before its format string.
fn leading_arguments(mac: &Macro) -> Option<&'static [Passing]> {
    let name = mac.path.segments.last()?.ident.to_string();
    Some(match name.as_str() {
        "print" | "println" | "eprint" | "eprintln" | "format" | "panic" | "format_args"
        | "unreachable" | "todo" | "unimplemented" => &[],
        "write" | "writeln" => &[Passing::Place],
        "assert" | "debug_assert" => &[Passing::Value],
        "assert_eq" | "assert_ne" | "debug_assert_eq" | "debug_assert_ne" => {
            &[Passing::Place, Passing::Place]
        }
        _ => return None,
    })
}

fn parse(mac: &Macro) -> Option<Vec<Part>> {
    let name = mac.path.segments.last()?.ident.to_string();
    if let Some(leading) = leading_arguments(mac) {
        let parser = |input: ParseStream<'_>| parse_format(input, leading);
        return parser.parse2(mac.tokens.clone()).ok();
    }
    match name.as_str() {
        "vec" => parse_vec.parse2(mac.tokens.clone()).ok(),
        "dbg" | "pin" | "join" | "try_join" => parse_list.parse2(mac.tokens.clone()).ok(),
        "select" | "select_biased" => waits::select_parts(mac, Part::Tokens, |expr, passing| {
            Part::Argument(Argument { expr, passing })
        }),
        _ => None,
    }
}

fn argument(input: ParseStream<'_>, passing: Passing) -> syn::Result<Part> {
    Ok(Part::Argument(Argument { expr: input.parse()?, passing }))
}

fn comma(input: ParseStream<'_>, parts: &mut Vec<Part>) -> syn::Result<()> {
    if !input.is_empty() {
        parts.push(Part::Tokens(input.parse::<Token![,]>()?.to_token_stream()));
    }
    Ok(())
}

fn parse_format(input: ParseStream<'_>, leading: &[Passing]) -> syn::Result<Vec<Part>> {
    let mut parts = Vec::new();
    for passing in leading {
        if input.is_empty() {
            break;
        }
        parts.push(argument(input, *passing)?);
        comma(input, &mut parts)?;
    }
    while !input.is_empty() {
        if input.peek(syn::Ident) && input.peek2(Token![=]) && !input.peek2(Token![==]) {
            let (name, equals): (Ident, Token![=]) = (input.parse()?, input.parse()?);
            parts.push(Part::Tokens(quote!(#name #equals)));
        }
        parts.push(argument(input, Passing::Place)?);
        comma(input, &mut parts)?;
    }
    Ok(parts)
}

fn parse_list(input: ParseStream<'_>) -> syn::Result<Vec<Part>> {
    let mut parts = Vec::new();
    while !input.is_empty() {
        parts.push(argument(input, Passing::Value)?);
        comma(input, &mut parts)?;
    }
    Ok(parts)
}

fn parse_vec(input: ParseStream<'_>) -> syn::Result<Vec<Part>> {
    let mut parts = Vec::new();
    while !input.is_empty() {
        parts.push(argument(input, Passing::Value)?);
        if input.peek(Token![;]) {
            parts.push(Part::Tokens(input.parse::<Token![;]>()?.to_token_stream()));
        } else {
            comma(input, &mut parts)?;
        }
    }
    Ok(parts)
}

/// What a macro stands for that evaluates its arguments only sometimes: `matches!(value, pattern)`,
/// and assertions that suspend.
pub fn spell_out(mac: &Macro) -> Option<Expr> {
    spell_out_matches(mac).or_else(|| spell_out_assertion(mac))
}

/// `assert!(condition, message)` as a branch, if it suspends: the message is evaluated only if the
/// condition does not hold.
fn spell_out_assertion(mac: &Macro) -> Option<Expr> {
    let name = mac.path.segments.last()?.ident.to_string();
    let is_debug = name.starts_with("debug_assert");
    if !is_debug && name != "assert" || !arguments(mac)?.iter().any(|a| suspends(&a.expr)) {
        return None;
    }
    let tokens = &mac.tokens;
    let span = mac.path.segments.last()?.ident.span();
    let assertion = match name.trim_start_matches("debug_") {
        "assert" => spell_out_assert.parse2(tokens.clone()).ok()?,
        name => {
            let name = Ident::new(name, span);
            syn::parse2(quote_spanned!(span=> ::core::#name!(#tokens))).ok()?
        }
    };
    match is_debug {
        true => syn::parse2(quote_spanned! {span=>
            if ::core::cfg!(debug_assertions) { #assertion; }
        })
        .ok(),
        false => Some(assertion),
    }
}

fn spell_out_assert(input: ParseStream<'_>) -> syn::Result<Expr> {
    let condition: Expr = input.parse()?;
    input.parse::<Option<Token![,]>>()?;
    let message: TokenStream = input.parse()?;
    let span = syn::spanned::Spanned::span(&condition);
    let message = match message.is_empty() {
        true => quote!("{}", ::core::concat!("assertion failed: ", ::core::stringify!(#condition))),
        false => message,
    };
    syn::parse2(quote_spanned!(span=> if !(#condition) { ::core::panic!(#message); }))
}

/// What `matches!(value, pattern)` stands for: in parentheses, as it may begin a statement.
fn spell_out_matches(mac: &Macro) -> Option<Expr> {
    if mac.path.segments.last()?.ident != "matches" {
        return None;
    }
    let parser = |input: ParseStream<'_>| {
        let value: Expr = input.parse()?;
        input.parse::<Token![,]>()?;
        let pattern = Pat::parse_multi_with_leading_vert(input)?;
        let guard = match input.parse::<Option<Token![if]>>()? {
            Some(token) => Some((token, input.parse::<Expr>()?)),
            None => None,
        };
        input.parse::<Option<Token![,]>>()?;
        Ok((value, pattern, guard))
    };
    let (value, pattern, guard) = parser.parse2(mac.tokens.clone()).ok()?;
    let guard = guard.map(|(token, condition)| quote!(#token #condition));
    Some(syn::parse_quote! {
        (match #value {
            #pattern #guard => true,
            #[allow(unreachable_patterns)]
            _ => false,
        })
    })
}
