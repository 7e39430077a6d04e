//! What is emitted after an error: a function of the same signature, so that its callers are fine.
//!
//! An `async fn` keeps the user's body, behind a panic, so that editors still understand it.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{FnArg, Type};

use super::signature;
use crate::ast::{CoroutineFn, unmark_blocks};
use crate::diagnostics::Diagnostics;

/// The errors, and the stand-in for the function.
pub fn fallback(function: &CoroutineFn, diagnostics: &Diagnostics) -> TokenStream {
    let errors = match function.is_async() {
        true => diagnostics.beside_rustc(),
        false => diagnostics.to_tokens(),
    };
    let stand_in = unmark_blocks(stand_in(function, &TokenStream::new()));
    quote!(#errors #stand_in)
}

/// The function alone, if the type of an argument shows that it has no size: what rustc says of
/// that is all there is to say, and it would say more about a frame.
pub fn unsized_argument(function: &CoroutineFn) -> Option<TokenStream> {
    let is_unsized = |argument: &FnArg| match argument {
        FnArg::Receiver(_) => false,
        FnArg::Typed(typed) => match &*typed.ty {
            Type::Slice(_) => true,
            Type::TraitObject(object) => object.dyn_token.is_some(),
            Type::Path(path) => path.path.is_ident("str"),
            _ => false,
        },
    };
    if !function.signature.inputs.iter().any(is_unsized) {
        return None;
    }
    let is_primitive = emit!(
        const _: fn(&str) -> &::core::primitive::str = |text| text;
    );
    Some(stand_in(function, &is_primitive))
}

/// A function of the same signature, with `items` in it.
fn stand_in(function: &CoroutineFn, items: &TokenStream) -> TokenStream {
    let lints = super::lints::for_machine();
    let stand_in = match function.is_async() {
        true => as_async_fn(function, items),
        false => by_hand(function, items),
    };
    quote!(#lints #stand_in)
}

/// The errors, and the stand-in for the body of a function whose signature is there already.
pub fn broken_body(function: &CoroutineFn, diagnostics: &Diagnostics) -> TokenStream {
    let errors = diagnostics.to_tokens();
    match function.is_async() {
        true => {
            quote!(#errors ::coframe::__private::BrokenFuture(async { ::core::unreachable!() }))
        }
        false => quote!(#errors ::coframe::__private::Broken::new()),
    }
}

/// The errors, and rustc's own block.
pub fn broken_block(function: &CoroutineFn, diagnostics: &Diagnostics) -> TokenStream {
    let errors = diagnostics.beside_rustc();
    let Some(form) = &function.block else { return errors };
    let (capture, stmts) = (&form.source.capture, &form.source.block.stmts);
    let lints = super::lints::for_machine();
    quote! {{
        #errors
        #lints
        let block = async #capture {
            macro_rules! suspend {
                ($($tokens:tt)*) => { ::core::unreachable!() };
            }
            #(#stmts)*
        };
        block
    }}
}

/// The function as a plain `async fn`.
fn as_async_fn(function: &CoroutineFn, items: &TokenStream) -> TokenStream {
    let (attributes, visibility) = (&function.attributes, &function.visibility);
    let mut signature = function.signature.clone();
    signature.constness = None;
    signature.abi = None;
    signature.variadic = None;
    signature.safety = syn::Safety::Default;
    let stmts = &function.body.stmts;
    quote! {
        #(#attributes)* #visibility #signature {
            #items
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
fn by_hand(function: &CoroutineFn, items: &TokenStream) -> TokenStream {
    let arguments = function.signature.inputs.iter().map(ToTokens::to_token_stream);
    let head = signature::around(function, &function.signature, arguments.collect());
    let body = body_by_hand(function);
    quote!(#head { #items #body ::coframe::__private::Broken::new() })
}

/// The user's body in a closure that is never called, so that editors understand it. The type of the
/// result is known outside of the function only, if it has lifetimes or is opaque.
fn body_by_hand(function: &CoroutineFn) -> Option<TokenStream> {
    let output = match &function.signature.output {
        syn::ReturnType::Default => quote!(()),
        syn::ReturnType::Type(_, ty) => ty.to_token_stream(),
    };
    let is_plain = |tree: TokenTree| {
        let text = tree.to_string();
        !["impl", "dyn", "self", "Self"].contains(&&*text) && !text.contains(['&', '\''])
    };
    let stmts = &function.body.stmts;
    let awaits = names_await(function.body.to_token_stream());
    (!awaits && output.clone().into_iter().all(is_plain)).then(|| {
        quote! {
            if false {
                let _ = move || -> #output {
                    macro_rules! suspend {
                        ($($tokens:tt)*) => { ::core::unreachable!() };
                    }
                    ::core::panic!("the coroutine has errors");
                    #(#stmts)*
                };
            }
        }
    })
}

/// Whether `await` stands in tokens: rustc would have more to say of it.
fn names_await(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|tree| match tree {
        TokenTree::Group(group) => names_await(group.stream()),
        TokenTree::Ident(ident) => ident == "await",
        _ => false,
    })
}
