//! The lifetime of the references into a coroutine's own frame.
//!
//! The type of the frame is hidden behind `impl Trait`, so rustc looks for each lifetime in it among
//! those of the function. A future that borrows from two arguments has a lifetime which both
//! outlive, and a reference to a local of a generic type one that the type outlives: none of them
//! need be a lifetime of the function. So the function gets one that all its generics outlive:
//!
//! ```text
//! async fn write<T: Bytes>(&mut self, bytes: &T) -> &str
//! fn write<'frame, 'a: 'frame, 'b: 'frame, T: Bytes + 'frame>(&'a mut self, bytes: &'b T)
//!     -> impl Future<Output = &'a str> where Self: 'frame
//! ```
//!
//! A method that is not `pub` might be one of a trait, which has no such lifetime. If it needs one,
//! its future is rustc's around the machine: that hides the lifetimes, and costs a copy of the
//! arguments. One that never suspends has only arguments in its frame, with their own lifetimes.

use proc_macro2::Span;
use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{
    FnArg, GenericParam, Ident, Lifetime, LifetimeParam, ReceiverKind, ReturnType, Signature,
    Token, Type, TypeParamBound, Visibility, WherePredicate, parse_quote,
};

use crate::ast::{CoroutineFn, body_suspends};

/// How the lifetimes in a frame are made ones of the function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hiding {
    /// They are already.
    None,
    /// The function gets a lifetime for them.
    Lifetime,
    /// The machine is in an `async` block.
    Block,
}

/// What a function needs.
pub(super) fn hiding(function: &CoroutineFn) -> Hiding {
    let signature = &function.signature;
    let mut find = FindGeneric::default();
    find.visit_signature(signature);
    let named = name_elided(signature).generics.lifetimes().count();
    let borrows_self = signature.receiver().is_some_and(is_reference);
    let is_covered = match find.is_associated {
        true => borrows_self && named == 1,
        false => named <= 1,
    };
    let may_be_of_trait =
        find.is_associated && matches!(function.visibility, Visibility::Inherited);
    match (is_covered && !find.is_generic, may_be_of_trait) {
        (true, _) => Hiding::None,
        (false, false) => Hiding::Lifetime,
        (false, true) if function.is_async() && (find.is_generic || named > 1) => {
            if body_suspends(&function.body) { Hiding::Block } else { Hiding::None }
        }
        (false, true) => Hiding::None,
    }
}

/// Whether a signature has a receiver or names `Self`.
pub(super) fn names_self(signature: &Signature) -> bool {
    let mut find = FindGeneric::default();
    find.visit_signature(signature);
    find.is_associated
}

/// The signature with the lifetime of the frame.
pub(super) fn with_frame(signature: &Signature) -> Signature {
    let mut find = FindGeneric::default();
    find.visit_signature(signature);
    let mut signature = name_elided(signature);
    let frame = Lifetime::new("'__frame", Span::mixed_site());
    let bound = TypeParamBound::Lifetime(frame.clone());
    signature.inputs.iter_mut().for_each(|argument| match argument {
        FnArg::Typed(typed) => Outlive(&frame).visit_type_mut(&mut typed.ty),
        FnArg::Receiver(_) => {}
    });
    let generics = &mut signature.generics;
    let mut clause = generics.where_clause.take();
    for parameter in &mut generics.params {
        match parameter {
            GenericParam::Lifetime(parameter) => {
                let bounds =
                    clause.as_mut().and_then(|c| bounds_of_lifetime(c, &parameter.lifetime));
                match bounds {
                    Some(bounds) => bounds.push(frame.clone()),
                    None => {
                        parameter.colon_token.get_or_insert_default();
                        parameter.bounds.push(frame.clone());
                    }
                }
            }
            GenericParam::Type(parameter) => {
                let bounds = clause.as_mut().and_then(|c| bounds_of(c, &parameter.ident));
                bounds.unwrap_or(&mut parameter.bounds).push(bound.clone());
            }
            GenericParam::Const(_) => {}
        }
    }
    generics.where_clause = clause;
    generics.params.insert(0, GenericParam::Lifetime(LifetimeParam::new(frame.clone())));
    if find.is_associated {
        let predicate: WherePredicate = parse_quote!(Self: #frame);
        generics.make_where_clause().predicates.push(predicate);
    }
    signature
}

fn is_reference(receiver: &syn::Receiver) -> bool {
    matches!(receiver.kind, ReceiverKind::Reference(..))
}

/// The bounds of a type parameter in a `where` clause.
fn bounds_of<'a>(
    clause: &'a mut syn::WhereClause,
    parameter: &Ident,
) -> Option<&'a mut Punctuated<TypeParamBound, Token![+]>> {
    clause.predicates.iter_mut().find_map(|predicate| match predicate {
        WherePredicate::Type(predicate) => match &predicate.bounded_ty {
            Type::Path(path) if path.path.is_ident(parameter) => Some(&mut predicate.bounds),
            _ => None,
        },
        _ => None,
    })
}

/// The bounds of a lifetime in a `where` clause.
fn bounds_of_lifetime<'a>(
    clause: &'a mut syn::WhereClause,
    lifetime: &Lifetime,
) -> Option<&'a mut Punctuated<Lifetime, Token![+]>> {
    clause.predicates.iter_mut().find_map(|predicate| match predicate {
        WherePredicate::Lifetime(predicate) if predicate.lifetime == *lifetime => {
            Some(&mut predicate.bounds)
        }
        _ => None,
    })
}

/// What is generic in a signature, besides lifetimes.
#[derive(Default)]
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

/// Makes the types of `impl Trait` arguments outlive the frame.
struct Outlive<'a>(&'a Lifetime);

impl VisitMut for Outlive<'_> {
    fn visit_type_impl_trait_mut(&mut self, ty: &mut syn::TypeImplTrait) {
        ty.bounds.push(TypeParamBound::Lifetime(self.0.clone()));
        visit_mut::visit_type_impl_trait_mut(self, ty);
    }
}

/// Gives each lifetime that is left out in the arguments a name, and in the result that of the
/// lifetime which is meant there. If that is not known, all stays as it is: rustc says so.
fn name_elided(original: &Signature) -> Signature {
    let mut signature = original.clone();
    let mut elided = Elided::default();
    let mut of_receiver = None;
    for argument in &mut signature.inputs {
        match argument {
            FnArg::Receiver(receiver) => {
                match &mut receiver.kind {
                    ReceiverKind::Reference(_, lifetime, _) => elided.name(lifetime),
                    ReceiverKind::Typed(_, ty) => elided.visit_type_mut(ty),
                    _ => {}
                }
                of_receiver = elided.only();
            }
            FnArg::Typed(typed) => elided.visit_type_mut(&mut typed.ty),
        }
    }
    let mut replace = Replace { meant: of_receiver.or_else(|| elided.only()), is_known: true };
    if let ReturnType::Type(_, ty) = &mut signature.output {
        replace.visit_type_mut(ty);
    }
    if !replace.is_known {
        return original.clone();
    }
    for lifetime in elided.names.iter().rev() {
        let parameter = LifetimeParam::new(lifetime.clone());
        signature.generics.params.insert(0, GenericParam::Lifetime(parameter));
    }
    signature
}

/// Names lifetimes.
#[derive(Default)]
struct Elided {
    names: Vec<Lifetime>,
    /// All lifetimes that were come upon.
    seen: Vec<Lifetime>,
}

impl Elided {
    /// The lifetime, if all that were come upon are the same.
    fn only(&self) -> Option<Lifetime> {
        let (first, others) = self.seen.split_first()?;
        others.iter().all(|other| other.ident == first.ident).then(|| first.clone())
    }

    fn name(&mut self, lifetime: &mut Option<Lifetime>) {
        let named = lifetime.take().filter(|lifetime| lifetime.ident != "_");
        let named = named.unwrap_or_else(|| {
            let name = format!("'__{}", self.names.len());
            let name = Lifetime::new(&name, Span::mixed_site());
            self.names.push(name.clone());
            name
        });
        *lifetime = Some(named.clone());
        self.seen.push(named);
    }
}

impl VisitMut for Elided {
    fn visit_type_reference_mut(&mut self, reference: &mut syn::TypeReference) {
        self.name(&mut reference.lifetime);
        self.visit_type_mut(&mut reference.elem);
    }

    fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
        let mut named = Some(lifetime.clone());
        self.name(&mut named);
        *lifetime = named.expect("it was named");
    }

    fn visit_bound_lifetimes_mut(&mut self, _: &mut syn::BoundLifetimes) {}

    /// What is left out between parentheses is a lifetime for each call.
    fn visit_type_fn_ptr_mut(&mut self, _: &mut syn::TypeFnPtr) {}
    fn visit_parenthesized_generic_arguments_mut(
        &mut self,
        _: &mut syn::ParenthesizedGenericArguments,
    ) {
    }
    fn visit_expr_mut(&mut self, _: &mut syn::Expr) {}
}

/// Writes a lifetime where one is left out.
struct Replace {
    meant: Option<Lifetime>,
    /// Whether that was possible so far.
    is_known: bool,
}

impl Replace {
    fn replace(&mut self, lifetime: &mut Option<Lifetime>) {
        if lifetime.as_ref().is_none_or(|lifetime| lifetime.ident == "_") {
            self.is_known &= self.meant.is_some();
            lifetime.clone_from(&self.meant);
        }
    }
}

impl VisitMut for Replace {
    fn visit_type_reference_mut(&mut self, reference: &mut syn::TypeReference) {
        self.replace(&mut reference.lifetime);
        self.visit_type_mut(&mut reference.elem);
    }

    fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
        let mut replaced = Some(lifetime.clone());
        self.replace(&mut replaced);
        *lifetime = replaced.unwrap_or_else(|| lifetime.clone());
    }

    fn visit_bound_lifetimes_mut(&mut self, _: &mut syn::BoundLifetimes) {}
    fn visit_type_fn_ptr_mut(&mut self, _: &mut syn::TypeFnPtr) {}
    fn visit_parenthesized_generic_arguments_mut(
        &mut self,
        _: &mut syn::ParenthesizedGenericArguments,
    ) {
    }
    fn visit_expr_mut(&mut self, _: &mut syn::Expr) {}
}
