//! The attribute's arguments and the function it stands on.

use proc_macro2::TokenStream;
use syn::parse::{Parse, ParseStream};
use syn::{Ident, ItemFn, Token, Type, parse_quote};

use super::block::mark_blocks;
use super::{CoroutineFn, Flavor, nesting, waits};
use crate::diagnostics::{self, Diagnostics};
use crate::edition::Edition;

/// Why parsing failed, with the function if there is one.
#[derive(Debug)]
pub struct ParseError {
    /// The mistakes.
    pub diagnostics: Diagnostics,
    /// The function, if the mistakes are in the attribute.
    pub function: Option<Box<CoroutineFn>>,
}

impl From<Diagnostics> for ParseError {
    fn from(diagnostics: Diagnostics) -> Self {
        ParseError { diagnostics, function: None }
    }
}

/// Parses `#[coroutine(arguments)] item`.
pub fn parse(arguments: TokenStream, item: TokenStream) -> Result<CoroutineFn, ParseError> {
    nesting::check(&item)?;
    nesting::check(&arguments)?;
    let function: ItemFn = syn::parse2(item.clone()).map_err(|error| match item.is_empty() {
        true => Diagnostics::from(error),
        false => describe_item(&item, error),
    })?;
    let (arguments, malformed) = match syn::parse2::<Arguments>(arguments) {
        Ok(arguments) => (arguments, None),
        Err(error) => (Arguments::default(), Some(error)),
    };
    let is_async = function.sig.asyncness.is_some();
    let mut found = arguments.mistakes;
    malformed.iter().for_each(|error| found.push(diagnostics::malformed(error)));
    for (name, ty) in [("yield", &arguments.yields), ("resume", &arguments.resumes)] {
        if let (true, Some(ty)) = (is_async, ty) {
            found.push(diagnostics::argument_needs_plain_fn(name, ty));
        }
    }
    let unit = || Box::new(parse_quote!(()));
    let flavor = match is_async {
        true => Flavor::Async,
        false => Flavor::ByHand {
            yields: arguments.yields.unwrap_or_else(unit),
            resumes: arguments.resumes.unwrap_or_else(unit),
        },
    };
    let mut function = CoroutineFn {
        edition: Edition::of_compiler(),
        attributes: function.attrs,
        visibility: function.vis,
        signature: function.sig,
        body: *function.block,
        flavor,
        max_frame: arguments.max_frame,
        block: None,
    };
    if is_async {
        waits::spell_out(&mut function.body);
    }
    match mark_blocks(&function.body) {
        Ok(marked) => function.body = marked,
        Err(mistakes) => found.append(mistakes),
    }
    match found.or_ok(()) {
        Ok(()) => Ok(function),
        Err(diagnostics) => Err(ParseError { diagnostics, function: Some(Box::new(function)) }),
    }
}

/// Says that the item is not a function, unless it is one with a syntax error in it.
fn describe_item(item: &TokenStream, error: syn::Error) -> Diagnostics {
    let is_function = item
        .clone()
        .into_iter()
        .any(|tree| matches!(tree, proc_macro2::TokenTree::Ident(ident) if ident == "fn"));
    let has_body = item.clone().into_iter().last().is_some_and(|tree| {
        matches!(tree, proc_macro2::TokenTree::Group(group)
            if group.delimiter() == proc_macro2::Delimiter::Brace)
    });
    match is_function && has_body {
        true => error.into(),
        false => diagnostics::not_a_function(item).into(),
    }
}

/// The arguments of the attribute.
#[derive(Default)]
struct Arguments {
    yields: Option<Box<Type>>,
    resumes: Option<Box<Type>>,
    max_frame: Option<Box<syn::Expr>>,
    mistakes: Diagnostics,
}

impl Parse for Arguments {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut arguments = Arguments::default();
        while !input.is_empty() {
            let name = input.call(<Ident as syn::ext::IdentExt>::parse_any)?;
            input.parse::<Token![=]>()?;
            let is_duplicate = match name.to_string().as_str() {
                "yield" => arguments.yields.replace(input.parse()?).is_some(),
                "resume" => arguments.resumes.replace(input.parse()?).is_some(),
                "max_frame" => arguments.max_frame.replace(input.parse()?).is_some(),
                _ => {
                    input.parse::<syn::Expr>()?;
                    arguments.mistakes.push(diagnostics::unknown_argument(&name));
                    false
                }
            };
            if is_duplicate {
                arguments.mistakes.push(diagnostics::duplicate_argument(&name));
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(arguments)
    }
}
