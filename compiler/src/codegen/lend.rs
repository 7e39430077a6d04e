//! Receivers whose arguments suspend.
//!
//! In `sender.send(f().await)` the receiver is moved out of its variable before the arguments are
//! evaluated if the method takes it by value, so it is dropped as an operand then. A closure with
//! the same call in it tells: it captures its receiver by value or by reference as the call uses it,
//! and needs a drop only if it does by value. So a constant decides which flag the value has.

use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;
use syn::Expr;
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};

use super::code::{value_at, verbatim};
use super::machine::Machine;
use super::{original_names, private};
use crate::hir::{LocalId, as_local, unmark_lent};
use crate::index::Id;

impl Machine<'_> {
    /// The variables that know what calls do to their receivers.
    pub(super) fn kinds(&self) -> TokenStream {
        let private = private();
        let lent = self.compilation.mir.lent.iter().filter(|(from, _)| self.has_flag(*from));
        let declare = lent.map(|(_, to)| {
            let (kind, result) = (kind(*to), result(*to));
            emit! {
                let #kind = #private::ReceiverOf::<_>::unknown();
                let #result = #private::ResultOf::<_>::unknown();
            }
        });
        declare.collect()
    }

    /// From here on the receiver is an operand, if the call takes it.
    pub(super) fn lend(&self, from: LocalId, to: LocalId) -> TokenStream {
        if !self.has_flag(from) {
            return TokenStream::new();
        }
        let (kind, from, to) = (kind(to), self.names.live(from).take(), self.names.live(to).set());
        emit!(if #kind.is_taken() && #from { #to })
    }

    /// Before the call: the receiver is the variable again, of which the call may take the value.
    pub(super) fn restore_lent(&self, from: LocalId, to: LocalId, call: &Expr) -> TokenStream {
        if !self.has_flag(from) {
            return TokenStream::new();
        }
        let (private, kind, pointer) = (private(), kind(to), self.pointer(from));
        let mut call = call.clone();
        let mut probe = Probe { machine: self, receiver: from, variables: Vec::new() };
        probe.visit_expr_mut(&mut call);
        let call = original_names(call.into_token_stream());
        let variables: Vec<TokenStream> =
            probe.variables.iter().map(|local| self.variable(*local)).collect();
        let given = probe
            .variables
            .iter()
            .map(|id| super::names::variable(&format!("given{}", id.index())));
        let given: Vec<Ident> = given.collect();
        let receiver = probe_variable();
        let (from, to) = (self.names.live(from).set(), self.names.live(to).take());
        emit! {
            if false {
                loop {}
                let mut #receiver = #private::read(#pointer);
                #(let #given = &raw const #variables;)*
                #kind.is(&|| {
                    #(let #variables = #private::read(#given);)*
                    // What borrows from the receiver does not leave the closure.
                    #call;
                });
            }
            if #to {
                #from
            }
        }
    }

    /// The call itself, which tells the type of its result.
    pub(super) fn lent_call(&self, call: &mut Expr) -> Option<TokenStream> {
        let to = unmark_lent(call)?;
        let is_kept =
            self.compilation.mir.lent.iter().any(|(from, id)| *id == to && self.has_flag(*from));
        Some(match is_kept {
            true => with_result(to, call),
            false => call.into_token_stream(),
        })
    }
}

/// Makes of a call one that captures nothing but its receiver by value, and is located as the call is.
struct Probe<'a> {
    machine: &'a Machine<'a>,
    receiver: LocalId,
    /// The variables of the block that are arguments: the closure has its own of these names.
    variables: Vec<LocalId>,
}

impl VisitMut for Probe<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        match as_local(expr) {
            Some(local) if local == self.receiver => {
                let receiver = probe_variable();
                *expr = verbatim(emit!(#receiver));
            }
            Some(local) if self.machine.names.is_in_block(local) => {
                self.variables.extend((!self.variables.contains(&local)).then_some(local));
                *expr = verbatim(self.machine.value(expr));
            }
            Some(local) => {
                let span = expr.span();
                let (private, pointer) = (private(), self.machine.names.pointer(local, span));
                let last = self.machine.awaited_end(local).unwrap_or(span);
                *expr = verbatim(value_at(&emit!(#private::read(#pointer)), span, last));
            }
            None => {}
        }
        match expr {
            Expr::Reference(reference) if as_local(&reference.expr).is_some() => {
                let place = self.machine.place(&reference.expr);
                *reference.expr = verbatim(place);
            }
            expr => {
                visit_mut::visit_expr_mut(self, expr);
                if let Some(to) = unmark_lent(expr) {
                    *expr = verbatim(with_result(to, expr));
                }
            }
        }
    }
}

/// A call that tells the type of its result, up to lifetimes: what is unreachable has none.
fn with_result(to: LocalId, call: &Expr) -> TokenStream {
    let result = result(to);
    emit! {
        match #call {
            value => {
                if false {
                    loop {}
                    #result.is(&raw const value);
                }
                value
            }
        }
    }
}

fn probe_variable() -> Ident {
    super::names::variable("receiver")
}

fn kind(operand: LocalId) -> Ident {
    super::names::variable(&format!("receiver{}", operand.index()))
}

fn result(operand: LocalId) -> Ident {
    Ident::new(&format!("result{}", operand.index()), Span::mixed_site())
}
