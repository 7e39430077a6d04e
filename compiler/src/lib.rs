//! The passes behind `#[coframe::coroutine]`: tokens in, tokens out, as an ordinary library.
//!
//! ```text
//! tokens ─parse─▶ ast ─resolve─▶ ast + Resolution ─lower─▶ hir ─build─▶ mir
//!        ─analyse─▶ Analysis ─elaborate drops─▶ mir ─assign─▶ FrameLayout ─emit─▶ tokens
//! ```
//!
//! Each stage has a typed result and a text form ([`dump::Stage`]), so that each can be looked at
//! and tested alone. Code without a suspension point in it passes through all of them as the user
//! wrote it.
#![forbid(unsafe_code)]

pub mod analysis;
pub mod annotated;
pub mod ast;
pub mod codegen;
pub mod diagnostics;
pub mod dump;
pub mod edition;
pub mod frame;
pub mod hir;
pub mod index;
pub mod mir;
pub mod transform;

mod coroutines;
mod pipeline;

use proc_macro2::TokenStream;

use ast::CoroutineFn;

pub use codegen::configure;
pub use coroutines::expand_inside;
pub use pipeline::Compilation;

/// Expands `#[coroutine(arguments)] item`.
///
/// On an error, the result is one `compile_error!` for each mistake and a function of the same
/// signature, so that callers of the function are not reported as well.
pub fn expand(arguments: TokenStream, item: TokenStream) -> TokenStream {
    match ast::parse(arguments.clone(), item.clone()) {
        Ok(function) => {
            let deferred = codegen::defer(&function, &arguments);
            deferred.unwrap_or_else(|| expand_function(&function))
        }
        Err(error) => match error.function {
            Some(function) => codegen::fallback(&function, &error.diagnostics),
            None => {
                let mut tokens = error.diagnostics.to_tokens();
                tokens.extend(item);
                tokens
            }
        },
    }
}

/// Expands `coroutine_block!(tokens)`.
///
/// On an error, the result is one `compile_error!` for each mistake and the block as rustc's.
pub fn expand_block(tokens: TokenStream) -> TokenStream {
    match ast::parse_block(tokens) {
        Ok(block) => {
            let block = hir::with_captures(block);
            let compiled =
                codegen::check_configuration(&block).and_then(|()| Compilation::run(&block));
            match compiled {
                Ok(compilation) => codegen::emit_block(&compilation),
                Err(diagnostics) => codegen::broken_block(&block, &diagnostics),
            }
        }
        Err(diagnostics) => {
            let errors = diagnostics.to_tokens();
            quote::quote!({ #errors async { ::core::unreachable!() } })
        }
    }
}

fn expand_function(function: &CoroutineFn) -> TokenStream {
    match Compilation::run(function) {
        Ok(compilation) => {
            let stand_in = codegen::unsized_argument(function);
            stand_in.unwrap_or_else(|| codegen::emit(&compilation))
        }
        Err(diagnostics) => codegen::fallback(function, &diagnostics),
    }
}

/// Expands the body of a function in which every `#[cfg]` has been evaluated since [`expand`].
pub fn expand_configured(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let Some(function) = codegen::deferred(item.clone()) else { return item };
    match ast::parse(arguments, function) {
        Ok(function) => match Compilation::run(&function) {
            Ok(compilation) => codegen::emit_body(&compilation),
            Err(diagnostics) => codegen::broken_body(&function, &diagnostics),
        },
        Err(error) => error.diagnostics.to_tokens(),
    }
}
