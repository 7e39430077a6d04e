//! Matches that take a variable of the frame apart.
//!
//! Each pattern takes either all of the variable or nothing. So the value is read, and an arm that
//! binds nothing forgets the copy. A guard may panic or return, which would drop the copy: with guards the
//! arm is found first, see `taken`.

use proc_macro2::{Delimiter, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, Pat};

use super::at::At;
use super::machine::Machine;
use super::{activation, code, delimited, original_names, private};
use crate::analysis::{borrows, takes_scrutinee};
use crate::hir::destructure::{self, Takes};
use crate::hir::{self, LocalId, as_local, bindings};
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
    pub(super) fn matching(&self, block: BlockId, scrutinee: &Expr, arms: &[Arm]) -> TokenStream {
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
        scrutinee: &Expr,
        arms: &[Arm],
    ) -> Option<TokenStream> {
        let has_guard = arms.iter().any(|arm| arm.guard.is_some());
        if !has_guard || !takes_scrutinee(&self.compilation.mir, scrutinee) {
            return None;
        }
        let waiting = self.waiting(At::end(&self.compilation.mir, block), as_local(scrutinee)?);
        (!waiting.is_empty()).then(|| self.drops_of(&waiting))
    }

    /// The operands that wait while something is done for `value`, but those around all that has `value` in it.
    pub(super) fn waiting(&self, at: At, value: LocalId) -> Vec<LocalId> {
        let (init, locals) = (&self.compilation.analysis.init, &self.compilation.mir.locals);
        let mut waiting = activation::flagged(self.compilation);
        waiting.retain(|local| {
            let is_waiting =
                locals[*local].is_waiting && locals[*local].depth >= locals[value].depth;
            is_waiting && *local != value && init.before(at.block, at.index, *local).maybe_filled
        });
        waiting
    }

    /// A value that is made while operands wait: if it is a match and a guard panics, they are dropped before what
    /// the guard looks at.
    pub(super) fn beside_waiting(
        &self,
        at: At,
        local: LocalId,
        value: &Expr,
    ) -> Option<TokenStream> {
        let Expr::Match(matching) = value else { return None };
        let has_guard = matching.arms.iter().any(|arm| matches!(arm.pat, Pat::Guard(_)));
        if !has_guard || hir::is_place(&matching.expr) || self.is_in_inner_scope(at, local) {
            return None;
        }
        let waiting = self.waiting(at, local);
        if waiting.is_empty() {
            return None;
        }
        let Expr::Match(mut matching) = self.rewritten(value) else { return None };
        let (private, drops, scrutinee) = (private(), self.drops_of(&waiting), &matching.expr);
        let later = emit!(#private::Later::new(move || { #drops }));
        *matching.expr = Expr::Verbatim(emit!((#later, #scrutinee)));
        for arm in &mut matching.arms {
            let (pat, guard) = hir::split_guard(&arm.pat);
            let guard = guard.map(|guard| emit!(if #guard));
            arm.pat = Pat::Verbatim(emit!((later, #pat) #guard));
            let body = &arm.body;
            *arm.body = Expr::Verbatim(emit!({ #private::forget_value(later); #body }));
        }
        Some(original_names(matching.into_token_stream()))
    }

    /// Whether variables of the block are in a scope inside that of a local.
    fn is_in_inner_scope(&self, at: At, local: LocalId) -> bool {
        let (body, init) = (&self.compilation.mir, &self.compilation.analysis.init);
        let depth = body.locals[local].depth;
        let mut others = body.locals.iter_enumerated();
        others.any(|(other, declared)| {
            declared.depth > depth
                && self.names.is_in_block(other)
                && init.before(at.block, at.index, other).maybe_filled
        })
    }

    /// A match that takes a variable of the frame apart.
    pub(super) fn taking(&self, local: LocalId, scrutinee: &Expr, arms: &[Arm]) -> TokenStream {
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
