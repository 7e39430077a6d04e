//! Taking a value apart of which something is left.
//!
//! Where the syntax does not tell what a pattern moves out of a value, rustc decides: a holder, an
//! anonymous future, matches the value, moves what the pattern binds to the slots of the bindings
//! and then keeps the rest. Dropping the holder drops the rest.
//!
//! ```text
//! async { match read(value) { (x, ..) => { put(x); matched = 0; pending().await } } }
//! ```

use proc_macro2::TokenStream;

use super::at::At;
use super::hold::Outside;
use super::machine::{Incoming, Machine};
use super::parts::with_root;
use super::{private, unsafe_token};
use crate::analysis;
use crate::hir::{LocalId, LocalKind, bindings, root_local};
use crate::mir::{Arm, BlockId, kept_by};

impl Machine<'_> {
    /// A match on a local or on a part of one, whose rest is kept in `holder`.
    pub(super) fn split(
        &self,
        block: BlockId,
        place: &syn::Expr,
        holder: LocalId,
        arms: &[Arm],
    ) -> TokenStream {
        let (private, unsafe_token) = (private(), unsafe_token());
        let (keeper, future) = (self.names.live(holder).set(), self.pointer(holder));
        let local = root_local(place).expect("a local is split");
        let at = At::end(&self.compilation.mir, block);
        let named = self.named_in_guards(at, local, arms);
        let Outside { mut pointers, untyped, live, received, inside } = self.outside(&named);
        let mut bound: Vec<LocalId> = arms.iter().flat_map(|arm| bindings(&arm.pat)).collect();
        bound.retain(|local| !self.names.is_in_block(*local));
        bound.sort_unstable();
        bound.dedup();
        let unnamed = bound.iter().filter(|local| !named.contains(local));
        pointers.extend(unnamed.map(|local| self.pointer(*local)));
        let later = guards(arms).next().map(|_| {
            let drops = self.drops_of(&self.dropped_before(at, local));
            emit!(let later = #private::Later::new(move || { #drops });)
        });
        let value = super::names::variable("value");
        let matched = with_root(place, &syn::parse_quote!(#value));
        let taken = self.taken(local);
        let kept = kept_by(place, holder, arms);
        let is_kept = |number: usize| kept[number] == local;
        let returned = kept.contains(&local).then(|| {
            let returned = super::names::variable("returned");
            pointers.push(returned.clone());
            emit! {
                let mut slot = #private::MaybeUninit::uninit();
                let #returned = &raw mut slot;
            }
        });
        let cases = arms
            .iter()
            .enumerate()
            .map(|(number, arm)| self.case((number, local), arm, later.is_some(), is_kept(number)));
        let targets = arms.iter().enumerate().map(|(number, arm)| {
            let back = is_kept(number).then(|| self.take_back(local, holder));
            let block = self.block(arm.target, &Incoming::Kept);
            emit!(#number => { #back #block })
        });
        let whole = self.mark_whole(&bound);
        emit! {
            let mut matched = 0usize;
            #returned
            {
                #untyped
                let given = #private::Given::new(
                    (&raw mut matched, #(#pointers,)* #live #taken)
                );
                let receive = given.receive();
                #private::write(#future, async move {
                    let (matched, #(#pointers,)* #received mut #value) = receive.await;
                    // SAFETY:
                    // - the pointers are to slots and flags, as outside of the future: it runs at
                    //   once, and once.
                    #unsafe_token {
                        #inside
                        #later
                        match #matched { #(#cases)* _ => ::core::unreachable!() }
                    }
                });
                #keeper
                #private::hold(#future, given);
                #whole
            }
            match matched { #(#targets)* _ => ::core::unreachable!() }
        }
    }

    /// Moves a value that was matched and not taken apart back to where it was, from the variable `slot`, into which
    /// the holder has moved it on the way to this arm: the holder keeps nothing.
    fn take_back(&self, local: LocalId, holder: LocalId) -> TokenStream {
        let (private, pointer, keeper) =
            (private(), self.pointer(local), self.names.live(holder).clear());
        let whole = self.mark_whole(&[local]);
        emit! {
            #keeper
            #private::write(#pointer, slot.assume_init());
            #whole
        }
    }

    /// The locals that the guards of a split use, and what is dropped before the value if one of them
    /// panics.
    fn named_in_guards(&self, at: At, local: LocalId, arms: &[Arm]) -> Vec<LocalId> {
        let mut named = Vec::new();
        for guard in guards(arms) {
            named.extend(analysis::named_by(&self.compilation.mir, guard));
            named.extend(self.dropped_before(at, local));
        }
        named.retain(|local| !self.names.is_in_block(*local));
        named.sort_unstable();
        named.dedup();
        named
    }

    /// The locals that are dropped before the value if a guard panics: operands that wait, and what was declared
    /// after it.
    fn dropped_before(&self, at: At, local: LocalId) -> Vec<LocalId> {
        let is_temporary = self.compilation.mir.locals[local].kind == LocalKind::Temporary;
        let mut before = match is_temporary {
            true => self.waiting(at, local),
            false => Vec::new(),
        };
        let later = self.later_than(at, local);
        before.retain(|local| !later.contains(local));
        before.extend(later);
        before
    }

    /// An arm: moves what it binds to the slots of the bindings.
    fn case(
        &self,
        (number, local): (usize, LocalId),
        arm: &Arm,
        has_later: bool,
        is_returned: bool,
    ) -> TokenStream {
        let private = private();
        let (pattern, bound) = (self.pattern(&arm.pat), bindings(&arm.pat));
        let found = has_later.then(|| emit!(#private::forget_value(later);));
        let guard = arm.guard.as_ref().map(|guard| {
            let guard = self.guard(guard, &bound);
            emit!(if #guard)
        });
        let puts = bound.iter().map(|local| {
            let (pointer, value) = (self.pointer(*local), self.incoming(*local));
            emit! {
                if false {
                    loop {}
                    #private::same(#pointer, &raw const #value);
                }
                #private::put(#pointer, #value);
            }
        });
        let returned = is_returned.then(|| {
            let value = super::names::variable("value");
            emit!((*returned).write(#value);)
        });
        let elements = (!is_returned).then(|| self.take_elements_beside(local, &arm.pat));
        emit! {
            #pattern #guard => {
                #found
                #(#puts)*
                #elements
                #returned
                *matched = #number;
                #private::pending().await
            }
        }
    }
}

/// The guards of arms.
fn guards(arms: &[Arm]) -> impl Iterator<Item = &syn::Expr> {
    arms.iter().filter_map(|arm| arm.guard.as_ref())
}
