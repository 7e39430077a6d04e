//! The edition of the user's crate, as a constant.
//!
//! A macro cannot ask for it, but what the fragment `expr` accepts depends on the edition of the
//! macro's own tokens, which here are located in the user's crate: since 2024 a `const` block is one.

use proc_macro2::TokenStream;
use quote::quote_spanned;

use crate::Compilation;
use crate::mir::Statement;

/// The constant, if the machine needs it.
pub(super) fn emit(compilation: &Compilation) -> Option<TokenStream> {
    let statements = compilation.mir.blocks.iter().flat_map(|block| &block.statements);
    let is_needed = |statement: &Statement| {
        matches!(statement, Statement::DropIn2024(_) | Statement::RequireEdition2024)
    };
    statements.into_iter().any(is_needed).then(|| {
        let user = compilation.function.signature.fn_token.span;
        quote_spanned! {user=>
            macro_rules! __edition {
                ($value:expr) => { true };
                ($($tokens:tt)*) => { false };
            }
            const __IS_EDITION_2024: bool = __edition!(const {});
        }
    })
}

/// Refuses to compile in an older edition.
pub(super) fn require_2024() -> TokenStream {
    emit! {
        const {
            ::core::assert!(
                __IS_EDITION_2024,
                "before edition 2024 the temporaries of this coroutine's tail expression live \
                 longer than its locals: give them a name with `let`",
            )
        };
    }
}
