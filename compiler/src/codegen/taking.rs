//! Matches that take a variable of the frame apart.
//!
//! Each pattern takes either all of the variable or nothing. So the value is read, and an arm that
//! binds nothing forgets the copy. A guard may panic or return, which would drop the copy: with guards the
//! arm is found first, see `taken`.

use proc_macro2::{Delimiter, TokenStream};
use quote::quote_spanned;
use syn::spanned::Spanned;

use super::machine::Machine;
use super::{activation, code, delimited, private};
use crate::analysis::{borrows, takes_scrutinee};
use crate::hir::destructure::{self, Takes};
use crate::hir::{LocalId, as_local, bindings};
use crate::mir::{Arm, BlockId};

/// The pattern of an arm, and what the arm does first: if it takes nothing, it forgets the copy.
pub(super) fn taken_or_forgotten(
    pattern: &TokenStream,
    takes: Takes,
) -> (TokenStream, TokenStream) {
    let private = private();
    match takes {
        Takes::Nothing => (emit!(rest @ (#pattern)), emit!(#private::forget_value(rest);)),
        _ => (pattern.clone(), TokenStream::new()),
    }
}

impl Machine<'_> {
    /// A match on a value or a place.
    pub(super) fn matching(
        &self,
        block: BlockId,
        scrutinee: &syn::Expr,
        arms: &[Arm],
    ) -> TokenStream {
        if let Some(matching) = self.matching_taken(scrutinee, arms) {
            return matching;
        }
        let takes = takes_scrutinee(&self.compilation.mir, scrutinee) && !borrows(arms);
        let value = match takes {
            true => {
                let value = self.value(scrutinee);
                let is_field = as_local(scrutinee).is_some_and(|id| self.ready_end(id).is_some());
                match is_field {
                    true => value,
                    false => delimited(Delimiter::Brace, value, scrutinee.span()),
                }
            }
            false => self.place(scrutinee),
        };
        let waiting = self.drops_of_waiting(block, scrutinee, arms);
        let private = private();
        let arms = arms.iter().map(|arm| {
            let pattern = self.pattern(&arm.pat);
            let guard = arm.guard.as_ref().map(|guard| {
                let guard = self.guard(guard, &bindings(&arm.pat));
                emit!(if #guard)
            });
            let target = self.jump(arm.target);
            match &waiting {
                Some(_) => emit! {
                    (later, #pattern) #guard => { #private::forget_value(later); #target }
                },
                None => quote_spanned!(arm.pat.span()=> #pattern #guard => { #target }),
            }
        });
        let value = match &waiting {
            Some(drops) => emit!((#private::Later::new(move || { #drops }), #value)),
            None => value,
        };
        emit!(match #value { #(#arms)* _ => loop {} })
    }

    /// The drops of the operands that wait while a guard looks at a value: if it panics, they are dropped
    /// before the value.
    fn drops_of_waiting(
        &self,
        block: BlockId,
        scrutinee: &syn::Expr,
        arms: &[Arm],
    ) -> Option<TokenStream> {
        let has_guard = arms.iter().any(|arm| arm.guard.is_some());
        if !has_guard || !takes_scrutinee(&self.compilation.mir, scrutinee) {
            return None;
        }
        let waiting = self.waiting(block, as_local(scrutinee)?);
        (!waiting.is_empty()).then(|| self.drops_of(&waiting))
    }

    /// The operands that wait at the end of a block, for others than `value`.
    pub(super) fn waiting(&self, block: BlockId, value: LocalId) -> Vec<LocalId> {
        let init = &self.compilation.analysis.init;
        let mut waiting = activation::flagged(self.compilation);
        waiting.retain(|local| {
            let is_waiting = self.compilation.mir.locals[*local].is_waiting;
            is_waiting && *local != value && init.at_end(block, *local).maybe_filled
        });
        waiting
    }

    /// A match that takes a variable of the frame apart.
    pub(super) fn taking(
        &self,
        local: LocalId,
        scrutinee: &syn::Expr,
        arms: &[Arm],
    ) -> TokenStream {
        let has_guard = arms.iter().any(|arm| arm.guard.is_some());
        if has_guard && self.has_flag(local) {
            return self.taking_after_guards(local, scrutinee, arms);
        }
        let (pointer, value) = (self.pointer(local), self.read(local, scrutinee.span()));
        let arms = arms.iter().map(|arm| {
            let takes = destructure::takes(&arm.pat);
            let (pattern, forget) = taken_or_forgotten(&self.pattern(&arm.pat), takes);
            let guard = arm.guard.as_ref().map(|guard| {
                let guard = self.guard(guard, &bindings(&arm.pat));
                emit!(if #guard)
            });
            let target = self.jump(arm.target);
            let is_checked = takes != Takes::Nothing && destructure::is_opaque(&arm.pat);
            let check = is_checked.then(|| code::no_drop(&pointer));
            emit!(#pattern #guard => { #forget #check #target })
        });
        emit!(match #value { #(#arms)* _ => loop {} })
    }
}
