//! Whatever the macros are given, they do not panic: they give items or report a mistake.
//!
//! The inputs are real functions after a few [`edits`], and [`random trees`](trees) of tokens. The
//! same cases are run each time; for any number of others:
//!
//! ```console
//! PROPTEST_CASES=100000 PROPTEST_RNG_SEED=7 cargo test --release -p coframe-compiler --test fuzz
//! ```
//!
//! A case that fails is reduced and printed.

mod corpus;
mod edits;
mod trees;

use std::env;
use std::fmt::Debug;

use corpus::Corpus;
use proc_macro2::{TokenStream, TokenTree};
use proptest::prelude::*;
use proptest::test_runner::{RngSeed, TestError, TestRunner};
use quote::{ToTokens, quote};

/// Functions with other expressions, statements, patterns and types in them.
#[test]
fn functions_with_edited_syntax() {
    let corpus = Corpus::read();
    let inputs = (any::<prop::sample::Index>(), edits::of_syntax());
    run(250, &inputs, |(index, edits)| {
        let mut function = corpus.function(index).clone();
        edits.iter().for_each(|edit| edit.apply(&mut function, &corpus));
        check_function(TokenStream::new(), function.into_token_stream())
    });
}

/// Functions with other tokens in them.
#[test]
fn functions_with_edited_tokens() {
    let corpus = Corpus::read();
    let inputs = (any::<prop::sample::Index>(), trees::arguments(), edits::of_tokens());
    run(150, &inputs, |(index, arguments, edits)| {
        let mut item = corpus.function(index).to_token_stream();
        for edit in edits {
            item = edit.apply(item, &corpus);
        }
        check_function(trees::to_stream(arguments), item)
    });
}

/// Blocks with other expressions, statements, patterns and types in them.
#[test]
fn blocks_with_edited_syntax() {
    let corpus = Corpus::read();
    let inputs = (any::<prop::sample::Index>(), any::<bool>(), edits::of_syntax());
    run(100, &inputs, |(index, is_move, edits)| {
        let mut function = corpus.function(index).clone();
        edits.iter().for_each(|edit| edit.apply(&mut function, &corpus));
        let block = &function.block;
        let expansion = coframe_compiler::expand_block(match is_move {
            true => quote!(async move #block),
            false => quote!(async #block),
        });
        check_expression(expansion)
    });
}

/// Random tokens, given to each macro.
#[test]
fn random_tokens() {
    run(200, &(trees::arguments(), trees::items()), |(arguments, item)| {
        let (arguments, item) = (trees::to_stream(arguments), trees::to_stream(item));
        check_expression(coframe_compiler::expand_block(item.clone()))?;
        check_items(&item, coframe_compiler::expand_inside(item.clone()))?;
        coframe_compiler::configure(item.clone());
        coframe_compiler::expand_configured(arguments.clone(), item.clone());
        check_function(arguments, item)
    });
}

/// Runs a test on a number of inputs, or on as many as the environment asks for.
fn run<S>(cases: u32, inputs: &S, test: impl Fn(S::Value) -> Result<(), TestCaseError>)
where
    S: Strategy<Value: Debug>,
{
    let mut config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if env::var_os("PROPTEST_CASES").is_none() {
        config.cases = cases;
    }
    if env::var_os("PROPTEST_RNG_SEED").is_none() {
        config.rng_seed = RngSeed::Fixed(0);
    }
    match TestRunner::new(config).run(inputs, test) {
        Ok(()) => {}
        Err(TestError::Fail(reason, input)) => panic!("{reason}\nof: {input:#?}"),
        Err(TestError::Abort(reason)) => panic!("{reason}"),
    }
}

fn check_function(arguments: TokenStream, item: TokenStream) -> Result<(), TestCaseError> {
    let expansion = expanded(&item, || coframe_compiler::expand(arguments, item.clone()))?;
    check_items(&item, expansion)
}

/// What a macro gives, or a failure that shows its input.
fn expanded(
    item: &TokenStream,
    expand: impl FnOnce() -> TokenStream,
) -> Result<TokenStream, TestCaseError> {
    let expansion = std::panic::catch_unwind(std::panic::AssertUnwindSafe(expand));
    expansion.map_err(|_| TestCaseError::fail(format!("a panic at\n{item}")))
}

/// Items, unless the input is not one either: then it is repeated after a mistake.
fn check_items(item: &TokenStream, expansion: TokenStream) -> Result<(), TestCaseError> {
    let has_error = has_error(expansion.clone());
    match syn::parse2::<syn::File>(expansion.clone()) {
        Ok(_) => Ok(()),
        Err(_) if has_error && syn::parse2::<syn::File>(item.clone()).is_err() => Ok(()),
        Err(error) => Err(TestCaseError::fail(format!("{error}\nat: {item}\nbecame: {expansion}"))),
    }
}

fn check_expression(expansion: TokenStream) -> Result<(), TestCaseError> {
    let parsed = syn::parse2::<syn::Expr>(expansion.clone());
    parsed.map(|_| ()).map_err(|error| TestCaseError::fail(format!("{error}\nin: {expansion}")))
}

/// Whether a mistake is reported in tokens.
fn has_error(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|tree| match tree {
        TokenTree::Ident(ident) => ident == "compile_error",
        TokenTree::Group(group) => has_error(group.stream()),
        _ => false,
    })
}
