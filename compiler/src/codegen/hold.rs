//! Holders in the machine: a call runs inside a future, which keeps what is left of its receiver.
//!
//! The future captures nothing, so it is as large as what it keeps. All that the call needs, its
//! receiver and pointers to other locals, is given to the future when it runs.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;

use super::at::At;
use super::machine::Machine;
use super::{activation, private, unsafe_token};
use crate::analysis;
use crate::hir::LocalId;
use crate::mir::{Statement, Until};

/// What is outside of a holder, and its code uses.
pub(super) struct Outside {
    /// Variables that point to values and slots.
    pub(super) pointers: Vec<syn::Ident>,
    /// Those of other holders are declared anew, without their types: two holders that each may drop the
    /// other would else be types that contain each other.
    pub(super) untyped: TokenStream,
    /// A pointer to the flags, if it uses any.
    pub(super) live: Option<TokenStream>,
    /// That pointer, inside.
    pub(super) received: Option<TokenStream>,
    /// The variable `live`, inside.
    pub(super) inside: Option<TokenStream>,
}

impl Machine<'_> {
    /// Evaluates code inside a future: rustc decides what is left of it.
    pub(super) fn hold(&self, at: At, statement: &Statement) -> TokenStream {
        let Statement::Hold { holder, local, value, moves, .. } = statement else {
            return TokenStream::new();
        };
        let (private, unsafe_token) = (private(), unsafe_token());
        let (keeper, future) = (self.names.live(*holder).set(), self.pointer(*holder));
        let result = self.pointer(*local);
        let value = self.value(value);
        let taken: Vec<TokenStream> = moves.iter().map(|(from, _)| self.taken(*from)).collect();
        let variables = moves.iter().map(|(from, inside)| {
            let span = self.compilation.mir.locals[*inside].name.span();
            let written = self.assigned.get(from).and_then(|declared| declared.mutability);
            let mutability = written.unwrap_or(syn::Token![mut](span));
            let variable = self.variable(*inside);
            emit!(#mutability #variable)
        });
        let named = self.named_in(at, statement);
        let Outside { pointers, untyped, live, received, inside } = self.outside(&named);
        let assigned = self.assigned(named.into_iter());
        let run = self.run_held(at, statement, &value);
        let whole = self.mark_whole(&[*local]);
        let filled = self.has_flag(*local).then(|| self.names.live(*local).set());
        let elements = self.elements_at_first(*local);
        emit! {
            {
                #untyped
                let given =
                    #private::Given::new((#result, #(#pointers,)* #live #(#taken,)*));
                let receive = given.receive();
                #private::write(#future, async move {
                    let (__result, #(#pointers,)* #received #(#variables,)*) = receive.await;
                    // SAFETY:
                    // - the pointers are to slots and flags, as outside of the future: it runs at
                    //   once, and once.
                    #unsafe_token {
                        #inside
                        #assigned
                        #run
                    }
                });
                #keeper
                #private::hold(#future, given);
                #whole
                #filled
                #elements
            }
        }
    }

    /// How a holder's code gets to locals outside of it.
    pub(super) fn outside(&self, named: &[LocalId]) -> Outside {
        let kept_in = named.iter().map(|local| self.compilation.mir.kept_in(*local));
        let kept_in: BTreeSet<LocalId> = kept_in.collect();
        let parted = kept_in.iter().filter(|local| self.is_parted(**local));
        let pointers = kept_in.iter().map(|local| self.pointer(*local));
        let pointers = pointers.chain(parted.map(|local| self.slot(*local))).collect();
        let holders = kept_in.iter().filter(|local| self.compilation.mir.is_holder(**local));
        let untyped = holders.map(|local| {
            let (private, pointer) = (private(), self.pointer(*local));
            emit!(let #pointer = #private::droppable(#pointer);)
        });
        let untyped = untyped.collect();
        let has_flags = named.iter().any(|local| self.has_flag(*local));
        let live = has_flags.then(|| emit!(&raw const *live,));
        let received = has_flags.then(|| emit!(live,));
        let inside = has_flags.then(|| emit!(let live = &*live;));
        Outside { pointers, untyped, live, received, inside }
    }

    /// The code of a holder: evaluates, hands the value out and waits.
    fn run_held(&self, at: At, statement: &Statement, value: &TokenStream) -> TokenStream {
        let Statement::Hold { holder, moves, until, .. } = statement else {
            return TokenStream::new();
        };
        let private = private();
        let unify = emit! {
            if false {
                loop {}
                #private::same(__result, &raw const value);
            }
        };
        match until {
            Until::StatementEnd => {
                let waiting = self.drops_of(&self.waiting_after(at, *holder));
                let value = match waiting.is_empty() {
                    true => emit!(#value),
                    false => emit!(#private::Later::new(move || { #waiting }).outlived_by(#value)),
                };
                emit! {
                    match (#value) {
                        value => {
                            #unify
                            #private::put(__result, value);
                            #private::pending().await
                        }
                    }
                }
            }
            Until::ScopeEnd => {
                let later = moves.first().map(|(from, _)| self.drops_of_later(at, *from));
                emit! {
                    {
                        let later = #private::Later::new(move || { #later });
                        let value = #value;
                        #unify
                        #private::put(__result, value);
                        #private::forget_value(later);
                    }
                    #private::pending().await
                }
            }
        }
    }

    /// The locals outside of it that a holder's code uses.
    fn named_in(&self, at: At, statement: &Statement) -> Vec<LocalId> {
        let body = &self.compilation.mir;
        let mut locals: Vec<LocalId> = Vec::new();
        if let Statement::Hold { holder, value, moves, until, .. } = statement {
            locals.extend(analysis::named_by(body, value));
            locals.extend(match (until, moves.first()) {
                (Until::ScopeEnd, Some((from, _))) => self.later_than(at, *from),
                _ => self.waiting_after(at, *holder),
            });
            locals.retain(|local| !self.names.is_in_block(*local));
        }
        locals.sort_unstable();
        locals.dedup();
        locals
    }

    /// The locals with a flag that were declared after a local, and may hold a value from a
    /// statement on.
    pub(super) fn later_than(&self, at: At, local: LocalId) -> Vec<LocalId> {
        let body = &self.compilation.mir;
        let position = |id: LocalId| body.declared.iter().position(|declared| *declared == id);
        let is_filled = |other: LocalId| {
            let statements = &body.blocks[at.block].statements[at.index..];
            let init = &self.compilation.analysis.init;
            init.before(at.block, at.index, other).maybe_filled
                || statements.iter().any(|statement| analysis::fills(body, statement, other))
        };
        let mut later = activation::flagged(self.compilation);
        later.retain(|other| {
            let is_own = body.holders.contains(&(local, *other));
            position(*other) > position(local) && !is_own && is_filled(*other)
        });
        later
    }

    /// The locals with a flag that were declared after a holder and may hold a value when it runs:
    /// operands, which are dropped before temporaries.
    fn waiting_after(&self, at: At, holder: LocalId) -> Vec<LocalId> {
        let init = &self.compilation.analysis.init;
        let mut waiting = self.later_than(at, holder);
        waiting.retain(|local| init.before(at.block, at.index, *local).maybe_filled);
        waiting
    }

    /// Drops what was declared after a local and may hold a value then.
    pub(super) fn drops_of_later(&self, at: At, local: LocalId) -> TokenStream {
        self.drops_of(&self.later_than(at, local))
    }

    /// Drops what locals hold, the last first.
    pub(super) fn drops_of(&self, locals: &[LocalId]) -> TokenStream {
        let private = private();
        let drop = |other: LocalId| {
            let (flag, pointer) = (self.names.live(other).arguments(), self.slot(other));
            emit!(#private::drop_if(#flag, #pointer);)
        };
        locals.iter().rev().copied().map(drop).collect()
    }
}
