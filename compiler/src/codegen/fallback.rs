//! What is emitted after an error: a function of the same signature, so that its callers are fine.
//!
//! An `async fn` keeps the user's body, behind a panic, so that editors still understand it.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::signature;
use crate::ast::CoroutineFn;
use crate::diagnostics::Diagnostics;

/// The errors, and the stand-in for the function.
pub fn fallback(function: &CoroutineFn, diagnostics: &Diagnostics) -> TokenStream {
    let errors = diagnostics.to_tokens();
    let lints = super::lints::for_machine();
    let stand_in = match function.is_async() {
        true => as_async_fn(function),
        false => by_hand(function),
    };
    quote!(#errors #lints #stand_in)
}

/// The errors, and the stand-in for the body of a function whose signature is there already.
pub fn broken_body(function: &CoroutineFn, diagnostics: &Diagnostics) -> TokenStream {
    let errors = diagnostics.to_tokens();
    match function.is_async() {
        true => quote!(#errors async { ::core::unreachable!() }),
        false => quote!(#errors ::coframe::__private::Broken::new()),
    }
}

/// The function as a plain `async fn`.
fn as_async_fn(function: &CoroutineFn) -> TokenStream {
    let (attributes, visibility) = (&function.attributes, &function.visibility);
    let mut signature = function.signature.clone();
    signature.constness = None;
    signature.abi = None;
    signature.variadic = None;
    signature.safety = syn::Safety::Default;
    let stmts = &function.body.stmts;
    quote! {
        #(#attributes)* #visibility #signature {
            macro_rules! suspend {
                ($($tokens:tt)*) => { ::core::unreachable!() };
            }
            if true {
                ::core::panic!("the coroutine has errors")
            }
            #(#stmts)*
        }
    }
}

/// A function that returns a coroutine without a body.
fn by_hand(function: &CoroutineFn) -> TokenStream {
    let arguments = function.signature.inputs.iter().map(ToTokens::to_token_stream);
    let head = signature::around(function, arguments.collect());
    quote!(#head { ::coframe::__private::Broken::new() })
}
