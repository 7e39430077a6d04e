//! The signature of the transformed function.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{FnArg, GenericParam, Generics, Ident, ReturnType, Signature, parse_quote};

use crate::ast::{CoroutineFn, Flavor};

/// Attributes, visibility and signature, with a coroutine as the result.
pub(super) fn emit(function: &CoroutineFn) -> TokenStream {
    let names = argument_names(function);
    let mut inputs = function.signature.inputs.clone();
    if needs_frame_lifetime(&function.signature) {
        name_elided(&mut inputs);
    }
    let arguments = inputs.iter().zip(&names);
    let arguments = arguments.map(|(argument, name)| match argument {
        FnArg::Receiver(receiver) => {
            let mut receiver = receiver.clone();
            receiver.mutability = None;
            receiver.into_token_stream()
        }
        FnArg::Typed(typed) => {
            let (attributes, mut ty) = (&typed.attrs, typed.ty.clone());
            if needs_frame_lifetime(&function.signature) {
                OutliveFrame.visit_type_mut(&mut ty);
            }
            quote!(#(#attributes)* #name: #ty)
        }
    });
    around(function, arguments.collect())
}

/// The head of the function around its arguments.
pub(super) fn around(function: &CoroutineFn, arguments: Vec<TokenStream>) -> TokenStream {
    let CoroutineFn { attributes, visibility, signature, .. } = function;
    let Signature { ident, .. } = signature;
    let generics = with_frame_lifetime(signature);
    let where_clause = &generics.where_clause;
    let result = result(function);
    quote! {
        #(#attributes)*
        #[allow(clippy::manual_async_fn, clippy::extra_unused_lifetimes)]
        #visibility fn #ident #generics (#(#arguments),*) -> #result #where_clause
    }
}

/// `impl Future<Output = R>`, or the like. It captures all generics of the function, as an
/// `async fn` does: the tokens have the edition of this crate. It is where the user wrote the type:
/// what rustc says of the one is about the other.
fn result(function: &CoroutineFn) -> TokenStream {
    let mut output = function.output();
    if needs_frame_lifetime(&function.signature)
        && name_elided(&mut function.signature.inputs.clone()) == 1
    {
        Elided { count: 0, only: Some(elided_lifetime(0)) }.visit_type_mut(&mut output);
    }
    let written = match &function.signature.output {
        ReturnType::Default => function.signature.ident.to_token_stream(),
        ReturnType::Type(_, ty) => ty.to_token_stream(),
    };
    let mut spans = written.into_iter().map(|tree| Span::mixed_site().located_at(tree.span()));
    let first = spans.next().unwrap_or_else(Span::mixed_site);
    let last = spans.last().unwrap_or(first);
    let end = quote_spanned!(last=> >);
    match &function.flavor {
        Flavor::Async => quote_spanned!(first=> impl ::core::future::Future<Output = #output #end),
        Flavor::ByHand { yields, resumes } => quote_spanned! {first=>
            impl ::coframe::Coroutine<#resumes, Yield = #yields, Return = #output #end
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

/// Whether the function gets a lifetime for the references into its own frame.
///
/// The frame's type is hidden behind `impl Trait`, so every lifetime in it must be one of the
/// function's. A reference to a local of a generic type needs a lifetime that the type outlives,
/// and `'static` is none. A method cannot get one: it might implement a trait that has none. But
/// it mostly has the lifetime of `&self`.
fn needs_frame_lifetime(signature: &Signature) -> bool {
    struct FindGeneric {
        is_generic: bool,
        is_associated: bool,
    }
    impl<'ast> Visit<'ast> for FindGeneric {
        fn visit_type_param(&mut self, parameter: &'ast syn::TypeParam) {
            self.is_generic = true;
            visit::visit_type_param(self, parameter);
        }
        fn visit_type_impl_trait(&mut self, ty: &'ast syn::TypeImplTrait) {
            self.is_generic = true;
            visit::visit_type_impl_trait(self, ty);
        }
        fn visit_receiver(&mut self, _: &'ast syn::Receiver) {
            self.is_associated = true;
        }
        fn visit_ident(&mut self, ident: &'ast Ident) {
            self.is_associated |= ident == "Self";
        }
    }
    let mut find = FindGeneric { is_generic: false, is_associated: false };
    find.visit_signature(signature);
    find.is_generic && !find.is_associated
}

/// The generics of the function, with the lifetime of the frame if it needs one. All that the frame
/// may hold outlives it: of several lifetimes, rustc takes the shortest for what is hidden.
fn with_frame_lifetime(signature: &Signature) -> Generics {
    let mut generics = signature.generics.clone();
    if !needs_frame_lifetime(signature) {
        return generics;
    }
    let lifetime = frame_lifetime();
    let mut bounded = generics.where_clause.take();
    for parameter in generics.type_params_mut() {
        let bound = syn::TypeParamBound::Lifetime(lifetime.clone());
        match bounded.as_mut().and_then(|clause| bounds_of(clause, &parameter.ident)) {
            Some(bounds) => bounds.push(bound),
            None => parameter.bounds.push(bound),
        }
    }
    generics.where_clause = bounded;
    for parameter in generics.lifetimes_mut() {
        parameter.colon_token.get_or_insert_default();
        parameter.bounds.push(lifetime.clone());
    }
    for elided in (0..name_elided(&mut signature.inputs.clone())).map(elided_lifetime).rev() {
        generics.params.insert(0, GenericParam::Lifetime(parse_quote!(#elided: #lifetime)));
    }
    generics.params.insert(0, GenericParam::Lifetime(parse_quote!(#lifetime)));
    generics
}

/// Names the lifetimes that the types of arguments leave out; how many there are.
fn name_elided(inputs: &mut Punctuated<FnArg, syn::Token![,]>) -> usize {
    let mut elided = Elided { count: 0, only: None };
    inputs.iter_mut().for_each(|argument| elided.visit_fn_arg_mut(argument));
    elided.count
}

/// The name of a lifetime that the user left out.
fn elided_lifetime(number: usize) -> syn::Lifetime {
    syn::Lifetime::new(&format!("'__elided{number}"), Span::mixed_site())
}

/// Names lifetimes that are left out, each of its own or all the same.
struct Elided {
    count: usize,
    only: Option<syn::Lifetime>,
}

impl Elided {
    fn next(&mut self) -> syn::Lifetime {
        self.count += 1;
        self.only.clone().unwrap_or_else(|| elided_lifetime(self.count - 1))
    }
}

impl VisitMut for Elided {
    fn visit_type_reference_mut(&mut self, reference: &mut syn::TypeReference) {
        if reference.lifetime.is_none() {
            reference.lifetime = Some(self.next());
        }
        visit_mut::visit_type_reference_mut(self, reference);
    }

    fn visit_lifetime_mut(&mut self, lifetime: &mut syn::Lifetime) {
        if lifetime.ident == "_" {
            *lifetime = self.next();
        }
    }

    // These have lifetimes of their own.
    fn visit_type_fn_ptr_mut(&mut self, _: &mut syn::TypeFnPtr) {}
    fn visit_parenthesized_generic_arguments_mut(
        &mut self,
        _: &mut syn::ParenthesizedGenericArguments,
    ) {
    }
}

/// The bounds of a type parameter in a `where` clause.
fn bounds_of<'a>(
    clause: &'a mut syn::WhereClause,
    parameter: &Ident,
) -> Option<&'a mut Punctuated<syn::TypeParamBound, syn::Token![+]>> {
    clause.predicates.iter_mut().find_map(|predicate| match predicate {
        syn::WherePredicate::Type(predicate) => match &predicate.bounded_ty {
            syn::Type::Path(path) if path.path.is_ident(parameter) => Some(&mut predicate.bounds),
            _ => None,
        },
        _ => None,
    })
}

fn frame_lifetime() -> syn::Lifetime {
    syn::Lifetime::new("'__frame", Span::mixed_site())
}

/// Makes the types of `impl Trait` arguments outlive the frame.
struct OutliveFrame;

impl VisitMut for OutliveFrame {
    fn visit_type_impl_trait_mut(&mut self, ty: &mut syn::TypeImplTrait) {
        let lifetime = frame_lifetime();
        ty.bounds.push(syn::TypeParamBound::Lifetime(lifetime));
        visit_mut::visit_type_impl_trait_mut(self, ty);
    }
}
