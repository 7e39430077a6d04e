//! What only a coroutine in an expression has: it captures variables of the function around it.
//!
//! ```text
//! check_parts(&x);                                    nothing else of `x` would be dropped
//! if false { outcome.future(async move { .. }); }     rustc's block: captures, lints, `mut`
//! ```

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use super::private_at;
use crate::Compilation;
use crate::ast::BlockForm;

/// Refuses to compile where rustc might capture less than all of a variable, and that could be
/// told from its drop.
pub(super) fn emit(compilation: &Compilation) -> Option<TokenStream> {
    let form = compilation.function.block.as_ref()?;
    let in_parts = form.captures.iter().filter(|capture| !capture.is_whole);
    let checks = in_parts.map(|capture| {
        let name = &capture.name;
        let span = Span::mixed_site().located_at(name.span());
        let private = private_at(span);
        quote_spanned!(span=> #private::check_parts(&#name);)
    });
    Some(checks.collect())
}

/// Rustc's own block, which never runs. It has the last word on what a block may do with what it
/// captures, and infers the type of the result.
pub(super) fn exact(form: &BlockForm) -> TokenStream {
    let private = super::private();
    let mut block = form.source.clone();
    block.attrs.clear();
    let suspend = syn::parse_quote_spanned! {Span::mixed_site()=>
        #[allow(unused_macros)]
        macro_rules! suspend {
            () => { () };
        }
    };
    block.block.stmts.insert(0, suspend);
    emit! {
        let outcome = #private::Outcome::new();
        #[allow(warnings, clippy::all, clippy::pedantic)]
        if false {
            outcome.future(#block);
            loop {}
        }
    }
}
