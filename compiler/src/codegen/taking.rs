//! Matches that take a variable of the frame apart.
//!
//! Each pattern takes either all of the variable or nothing. So the value is read, and an arm that
//! binds nothing forgets the copy. A guard may panic or return, and then the copy is dropped: the
//! variable has no value while there are guards, and what was declared after it is dropped before.

use proc_macro2::{Delimiter, Span, TokenStream};
use quote::quote_spanned;
use syn::spanned::Spanned;

use super::machine::Machine;
use super::{activation, code, delimited, private};
use crate::analysis::takes_scrutinee;
use crate::hir::destructure::{self, Takes};
use crate::hir::{LocalId, as_local, bindings};
use crate::mir::{Arm, BlockId};

/// What a match takes apart.
pub(super) struct Taking {
    /// The value.
    pub(super) value: TokenStream,
    /// With guards: what gives the variable its value back.
    keep: Option<TokenStream>,
    /// Whether the value is beside a guard that drops what was declared after the variable.
    has_later: bool,
}

impl Taking {
    /// The pattern of an arm, and what the arm does first.
    pub(super) fn arm(&self, pattern: &TokenStream, takes: Takes) -> (TokenStream, TokenStream) {
        let private = private();
        let (pattern, forget) = match takes {
            Takes::Nothing => (emit!(rest @ (#pattern)), emit!(#private::forget_value(rest);)),
            _ => (pattern.clone(), TokenStream::new()),
        };
        let keep = self.keep.as_ref().filter(|_| takes == Takes::Nothing);
        match self.has_later {
            true => (emit!((later, #pattern)), emit!(#private::forget_value(later); #forget #keep)),
            false => (pattern, emit!(#forget #keep)),
        }
    }
}

impl Machine<'_> {
    /// A match on a value or a place.
    pub(super) fn matching(&self, scrutinee: &syn::Expr, arms: &[Arm]) -> TokenStream {
        if let Some(matching) = self.matching_taken(scrutinee, arms) {
            return matching;
        }
        let value = match takes_scrutinee(&self.compilation.mir, scrutinee) {
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
        let arms = arms.iter().map(|arm| {
            let pattern = self.pattern(&arm.pat);
            let guard = arm.guard.as_ref().map(|guard| {
                let guard = self.guard(guard, &bindings(&arm.pat));
                emit!(if #guard)
            });
            let target = self.jump(arm.target);
            quote_spanned!(arm.pat.span()=> #pattern #guard => { #target })
        });
        emit!(match #value { #(#arms)* _ => loop {} })
    }

    /// A match that takes a variable of the frame apart.
    pub(super) fn taking(
        &self,
        block: BlockId,
        local: LocalId,
        span: Span,
        arms: &[Arm],
    ) -> TokenStream {
        let pointer = self.pointer(local);
        let has_guard = arms.iter().any(|arm| arm.guard.is_some());
        let init = &self.compilation.analysis.init;
        let is_filled = |other: LocalId| init.at_end(block, other).maybe_filled;
        let taking = self.taking_apart(local, span, has_guard, &is_filled);
        let arms = arms.iter().map(|arm| {
            let takes = destructure::takes(&arm.pat);
            let (pattern, before) = taking.arm(&self.pattern(&arm.pat), takes);
            let guard = arm.guard.as_ref().map(|guard| {
                let guard = self.guard(guard, &bindings(&arm.pat));
                emit!(if #guard)
            });
            let target = self.jump(arm.target);
            let is_checked = takes != Takes::Nothing && destructure::is_opaque(&arm.pat);
            let check = is_checked.then(|| code::no_drop(&pointer));
            emit!(#pattern #guard => { #before #check #target })
        });
        let value = &taking.value;
        emit!(match #value { #(#arms)* _ => loop {} })
    }

    /// Takes the value of a variable for a match, while other variables may be filled.
    pub(super) fn taking_apart(
        &self,
        local: LocalId,
        span: Span,
        has_guard: bool,
        is_filled: &dyn Fn(LocalId) -> bool,
    ) -> Taking {
        let (pointer, private) = (self.pointer(local), private());
        if !self.has_flag(local) || !has_guard {
            let value = self.read(local, span);
            return Taking { value, keep: None, has_later: false };
        }
        let body = &self.compilation.mir;
        let position = |id: LocalId| body.declared.iter().position(|declared| *declared == id);
        let mut later = activation::flagged(self.compilation);
        later.retain(|other| position(*other) > position(local) && is_filled(*other));
        let has_later = !later.is_empty();
        let drops = later.into_iter().rev().map(|other| {
            let (flag, slot) = (self.names.live(other).arguments(), self.slot(other));
            emit!(#private::drop_if(#flag, #slot);)
        });
        let flag = self.names.live(local);
        let arguments = flag.arguments();
        let value = emit!(#private::take(#arguments, #pointer));
        let value = match has_later {
            true => emit!((#private::Later::new(move || { #(#drops)* }), #value)),
            false => value,
        };
        Taking { value, keep: Some(flag.set()), has_later }
    }
}
