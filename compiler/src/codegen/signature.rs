//! The signature of the transformed function.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{FnArg, Ident, ReturnType, Signature};

use super::layout;
use super::lifetimes::{self, Hiding};
use crate::ast::{CoroutineFn, Flavor, recursion};

/// Attributes, visibility and signature, with a coroutine as the result.
pub(super) fn emit(function: &CoroutineFn) -> TokenStream {
    let names = argument_names(function);
    let signature = match lifetimes::hiding(function) {
        Hiding::Lifetime => &lifetimes::with_frame(&function.signature),
        Hiding::None | Hiding::Block => &function.signature,
    };
    let arguments = signature.inputs.iter().zip(&names);
    let arguments = arguments.map(|(argument, name)| match argument {
        FnArg::Receiver(receiver) => {
            let mut receiver = receiver.clone();
            receiver.mutability = None;
            receiver.into_token_stream()
        }
        FnArg::Typed(typed) => {
            let (attributes, ty) = (&typed.attrs, &typed.ty);
            quote!(#(#attributes)* #name: #ty)
        }
    });
    around(function, signature, arguments.collect())
}

/// The head of the function around its arguments.
pub(super) fn around(
    function: &CoroutineFn,
    signature: &Signature,
    arguments: Vec<TokenStream>,
) -> TokenStream {
    let CoroutineFn { attributes, visibility, .. } = function;
    let Signature { ident, generics, .. } = signature;
    let where_clause = &generics.where_clause;
    let result = result(function, signature);
    quote! {
        #(#attributes)*
        #[allow(
            refining_impl_trait,
            clippy::manual_async_fn, clippy::extra_unused_lifetimes, clippy::needless_lifetimes
        )]
        #visibility fn #ident #generics (#(#arguments),*) -> #result #where_clause
    }
}

/// The function, in which the boxes of its own calls have no type: if it makes the machine itself, and
/// not a future of rustc's around it, which may contain itself in a box.
pub(crate) fn spell_out_recursion(function: &CoroutineFn) -> CoroutineFn {
    let mut function = function.clone();
    if lifetimes::hiding(&function) != Hiding::Block {
        recursion::spell_out(&mut function);
    }
    function
}

/// The body, in a block that hides the lifetimes in the frame if nothing else does.
pub(super) fn hide(function: &CoroutineFn, body: TokenStream) -> TokenStream {
    if lifetimes::hiding(function) != Hiding::Block {
        return body;
    }
    let names = argument_names(function);
    let future = emit! {
        async move {
            #(let _ = &#names;)*
            let machine = { #body };
            machine.await
        }
    };
    layout::limited(function, future)
}

/// `impl Future<Output = R>`, or the like. It captures all generics of the function, as an
/// `async fn` does: the tokens have the edition of this crate. It is where the user wrote the type:
/// what rustc says of the one is about the other.
fn result(function: &CoroutineFn, signature: &Signature) -> TokenStream {
    let output = crate::ast::type_of(&signature.output);
    let written = match &function.signature.output {
        ReturnType::Default => function.signature.ident.to_token_stream(),
        ReturnType::Type(_, ty) => ty.to_token_stream(),
    };
    let mut spans = written.into_iter().map(|tree| Span::mixed_site().located_at(tree.span()));
    let first = spans.next().unwrap_or_else(Span::mixed_site);
    let last = spans.last().unwrap_or(first);
    let end = quote_spanned!(last=> >);
    let is_described = layout::is_public(function) && lifetimes::hiding(function) != Hiding::Block;
    let described = is_described.then(|| quote_spanned!(last=> + ::coframe::frame::Described));
    match &function.flavor {
        Flavor::Async => quote_spanned! {first=>
            impl ::core::future::Future<Output = #output #end #described
        },
        Flavor::ByHand { yields, resumes } => quote_spanned! {first=>
            impl ::coframe::Coroutine<#resumes, Yield = #yields, Return = #output #end #described
        },
    }
}

/// The names of the arguments, as the generated function has them.
pub(super) fn argument_names(function: &CoroutineFn) -> Vec<Ident> {
    let arguments = function.signature.inputs.iter().enumerate();
    let name = |(index, argument): (usize, &FnArg)| match argument {
        FnArg::Receiver(receiver) => Ident::new("self", receiver.self_token.span),
        FnArg::Typed(typed) => match &*typed.pat {
            syn::Pat::Ident(syn::PatIdent { by_ref: None, subpat: None, ident, .. }) => {
                ident.clone()
            }
            _ => crate::hir::argument_name(index),
        },
    };
    arguments.map(name).collect()
}
