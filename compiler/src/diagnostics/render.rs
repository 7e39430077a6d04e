//! A diagnostic as tokens: a `compile_error!` under which rustc shows message, notes and help.

use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::spanned::Spanned;

use super::Diagnostic;

/// A `compile_error!` that underlines the whole range of the mistake.
pub(super) fn compile_error(diagnostic: &Diagnostic) -> TokenStream {
    let mut text = diagnostic.message.clone();
    for note in &diagnostic.notes {
        text.push_str(&format!("\n  = note: {note}"));
    }
    if let Some(help) = &diagnostic.help {
        text.push_str(&format!("\n  = help: {help}"));
    }
    let path = quote_spanned!(diagnostic.first=> ::core::compile_error!);
    let argument = quote_spanned!(diagnostic.last=> { #text });
    quote_spanned!(path.span()=> #path #argument)
}
