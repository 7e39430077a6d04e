//! The attribute macros of coframe. Each is one call into `coframe-compiler`.
#![forbid(unsafe_code)]

use proc_macro::TokenStream;

/// Turns a function into a coroutine with an explicit frame.
#[proc_macro_attribute]
pub fn coroutine(arguments: TokenStream, item: TokenStream) -> TokenStream {
    coframe_compiler::expand(arguments.into(), item.into()).into()
}

/// Lets the bare form `#[coroutine]` be used inside an inline `mod`, an `impl` or a `trait`.
#[proc_macro_attribute]
pub fn coroutines(_arguments: TokenStream, item: TokenStream) -> TokenStream {
    coframe_compiler::expand_inside(item.into()).into()
}
