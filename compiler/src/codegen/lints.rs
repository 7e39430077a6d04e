//! The lints that generated code may break, each with its reason. The user's code is linted in the
//! witness, once.

use proc_macro2::TokenStream;
use quote::quote;

/// For the items of the frame: fields that only a pointer reads, and names after the user's.
pub(super) fn for_items() -> TokenStream {
    quote! {
        #[allow(dead_code, non_camel_case_types, non_snake_case, clippy::all, clippy::pedantic)]
    }
}

/// For the machine: the user's code stands in it a second time.
pub(super) fn for_machine() -> TokenStream {
    quote! {
        #[allow(
            warnings, unused, dangerous_implicit_autorefs, clippy::all, clippy::pedantic,
            reason = "the witness is linted instead"
        )]
    }
}
