//! What is left of a value of which parts were moved out: it is in the variable `value`, and the parts
//! are forgotten. rustc drops the rest of that variable.
//!
//! What rustc decided a call or a closure to take, it decides again here, for the same code.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote_spanned};
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ExprMatch};

use super::machine::Machine;
use super::parts::{inner, mark_of};
use super::{original_names, private};
use crate::analysis;
use crate::hir::{LocalId, as_local, only_taken, taken_bindings};

impl Machine<'_> {
    /// Forgets the parts of the variable `value` that were moved out before. Of those that have
    /// something in common, only one was. The variable has the value of `place`, or of the local.
    pub(super) fn forget_moved(
        &self,
        local: LocalId,
        place: Option<&Expr>,
        mut numbers: Vec<usize>,
    ) -> TokenStream {
        let parts = &self.compilation.analysis.parts;
        let overlap = |one: &usize, two: &usize| {
            parts.overlap(local, &parts.of(local)[*one], &parts.of(local)[*two])
        };
        let mut tokens = TokenStream::new();
        let place_of = |number: usize| match &parts.of(local)[number] {
            Expr::Match(matching) => &*matching.expr,
            part => part,
        };
        numbers.sort_by_key(|number| parts.inside(local, place_of(*number)).len());
        while let Some(number) = numbers.pop() {
            let mut connected = vec![number];
            let mut next = 0;
            while let Some(from) = connected.get(next).copied() {
                let (found, others) = numbers.into_iter().partition(|other| overlap(&from, other));
                numbers = others;
                connected.extend::<Vec<usize>>(found);
                next += 1;
            }
            let others = connected.split_off(1);
            if let Expr::Match(matching) = &parts.of(local)[number] {
                tokens.extend(self.forget_taken(local, place, (number, matching), &others));
                continue;
            }
            let beside = others.iter().copied().filter(|other| !overlap(&number, other)).collect();
            let (mark, forget) =
                (mark_of(number), self.forget(&parts.of(local)[number], local, place));
            let (beside, others) =
                (self.forget_moved(local, place, beside), self.forget_moved(local, place, others));
            tokens.extend(emit! {
                if marks #mark.is_moved() { #forget #beside } else { #others }
            });
        }
        tokens
    }

    /// Forgets what the arm of a marked match has taken, and what was taken beside that.
    fn forget_taken(
        &self,
        local: LocalId,
        place: Option<&Expr>,
        (number, matching): (usize, &ExprMatch),
        others: &[usize],
    ) -> TokenStream {
        let (private, mark) = (private(), mark_of(number));
        let parts = &self.compilation.analysis.parts;
        let part = &parts.of(local)[number];
        let matched = in_value(inner(&matching.expr), place);
        let taking = |(_, arm): &(u8, &syn::Arm)| !taken_bindings(&arm.pat).is_empty();
        let arms = (1_u8..).zip(&matching.arms).filter(taking).map(|(arm_number, arm)| {
            let pattern = self.pattern_of(&only_taken(&arm.pat), &|_| true);
            let bound = taken_bindings(&arm.pat).into_iter().map(|local| self.incoming(local));
            let index = usize::from(arm_number) - 1;
            let is_beside = |other: &usize| {
                let other = &parts.of(local)[*other];
                !parts.overlap(local, part, other) || parts.is_beside(local, matching, index, other)
            };
            let beside = others.iter().copied().filter(is_beside).collect();
            let beside = self.forget_moved(local, place, beside);
            emit! {
                #arm_number => {
                    match #matched {
                        #pattern => #private::forget_value((#(#bound,)*)),
                        _ => {}
                    }
                    #beside
                }
            }
        });
        let others = self.forget_moved(local, place, others.to_vec());
        emit!(match #private::Mark::taken(&marks #mark) { #(#arms)* _ => { #others } })
    }

    /// Forgets a part of the variable `value`.
    fn forget(&self, part: &Expr, local: LocalId, place: Option<&Expr>) -> TokenStream {
        let private = private();
        let in_value = |part: &Expr| in_value(part, place);
        match part {
            Expr::MethodCall(call) => {
                let call = self.call_of_part(call, &in_value(&call.receiver));
                emit!(#private::forget_value(#call);)
            }
            Expr::Closure(_) | Expr::Async(_) => {
                let places = self.compilation.analysis.parts.places(local, part);
                let places = places.iter().map(in_value);
                // What a closure captures depends on the edition of its tokens.
                let capture = quote_spanned!(part.span()=> move || { #(&raw const #places;)* });
                emit!(#private::forget_value(#capture);)
            }
            place => {
                let place = in_value(place);
                emit!(#private::forget_value(#place);)
            }
        }
    }
}

/// A part of a place, as a part of the variable `value`, which has the value of that place or of the
/// local.
fn in_value(part: &Expr, place: Option<&Expr>) -> TokenStream {
    struct Replace<'a>(Option<&'a Expr>);
    impl VisitMut for Replace<'_> {
        fn visit_expr_mut(&mut self, expr: &mut Expr) {
            let is_it = match self.0 {
                Some(place) => analysis::is_same_place(expr, place),
                None => as_local(expr).is_some(),
            };
            if is_it {
                let value = super::names::variable("value");
                *expr = Expr::Verbatim(value.into_token_stream());
            } else {
                visit_mut::visit_expr_mut(self, expr);
            }
        }
    }
    let mut part = part.clone();
    Replace(place).visit_expr_mut(&mut part);
    original_names(part.into_token_stream())
}
