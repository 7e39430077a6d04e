//! The edition of the user's crate, as a constant.
//!
//! A macro cannot ask for it, but what the fragment `expr` accepts depends on the edition of the
//! macro's own tokens, which here are located in the user's crate: since 2024 a `const` block is one.

use proc_macro2::TokenStream;
use quote::quote_spanned;

use crate::Compilation;
use crate::mir::Statement;

/// The constant, if the machine needs it, and a check of what the macro was told, if it relies on that.
pub(super) fn emit(compilation: &Compilation) -> Option<TokenStream> {
    let statements = compilation.mir.blocks.iter().flat_map(|block| &block.statements);
    let is_used = |statement: &Statement| {
        matches!(statement, Statement::DropIn2024(_) | Statement::RequireEdition2024)
    };
    let is_old = compilation.mir.needs_old_edition;
    let is_needed = is_old || statements.into_iter().any(is_used);
    let check = is_old.then(|| {
        emit! {
            const _: () = ::core::assert!(
                !__IS_EDITION_2024,
                "this coroutine comes from a macro of a crate of another edition than this one: give the \
                 values of its `if let` names with `let`",
            );
        }
    });
    is_needed.then(|| {
        let user = compilation.function.signature.fn_token.span;
        quote_spanned! {user=>
            macro_rules! __edition {
                ($value:expr) => { true };
                ($($tokens:tt)*) => { false };
            }
            const __IS_EDITION_2024: bool = __edition!(const {});
            #check
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
