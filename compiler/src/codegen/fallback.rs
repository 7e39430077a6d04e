//! What is emitted after an error: a function of the same signature, so that its callers are fine,
//! with the user's body in it where no one runs it, so that editors still understand it.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::signature;
use crate::ast::CoroutineFn;
use crate::diagnostics::Diagnostics;

/// The errors, and the stand-in for the function.
pub fn fallback(function: &CoroutineFn, diagnostics: &Diagnostics) -> TokenStream {
    let errors = diagnostics.to_tokens();
    let arguments = function.signature.inputs.iter().map(ToTokens::to_token_stream);
    let attributes = &function.attributes;
    let head = match function.is_async() {
        true => {
            let (visibility, signature) = (&function.visibility, &function.signature);
            quote!(#(#attributes)* #visibility #signature)
        }
        false => signature::around(function, arguments.collect()),
    };
    let lints = super::lints::for_machine();
    quote! {
        #errors
        #lints
        #head {
            ::core::panic!("the coroutine has errors")
        }
    }
}
