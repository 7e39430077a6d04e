//! The edition of the user's crate, as a constant.
//!
//! A macro cannot ask for it, but what the fragment `expr` accepts depends on the edition of the
//! tokens: since 2024 a `const` block is one.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use crate::Compilation;
use crate::mir::Statement;

/// The constant, if the machine needs it.
pub(super) fn emit(compilation: &Compilation) -> Option<TokenStream> {
    let statements = compilation.mir.blocks.iter().flat_map(|block| &block.statements);
    let is_needed = |statement: &Statement| matches!(statement, Statement::DropIn2024(_));
    statements.into_iter().any(is_needed).then(|| {
        let user = compilation.function.signature.fn_token.span;
        let fragment = quote_spanned!(user=> $value:expr);
        quote_spanned! {Span::mixed_site()=>
            macro_rules! __edition {
                (#fragment) => { true };
                ($($tokens:tt)*) => { false };
            }
            const __IS_EDITION_2024: bool = __edition!(const {});
        }
    })
}
