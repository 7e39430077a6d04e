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

use super::machine::{Incoming, Machine};
use super::{private, unsafe_token};
use crate::analysis;
use crate::hir::{LocalId, bindings};
use crate::mir::Arm;

impl Machine<'_> {
    /// A match on the value of a local, whose rest is kept in `holder`.
    pub(super) fn split(&self, value: LocalId, holder: LocalId, arms: &[Arm]) -> TokenStream {
        let (private, unsafe_token) = (private(), unsafe_token());
        let (keeper, future) = (self.names.field(holder), self.pointer(holder));
        let pointers = self.pointers_of_arms(arms);
        let taken = self.taken(value);
        let cases = arms.iter().enumerate().map(|(number, arm)| self.case(number, arm));
        let targets = arms.iter().enumerate().map(|(number, arm)| {
            let block = self.block(arm.target, &Incoming::Kept);
            emit!(#number => { #block })
        });
        emit! {
            let mut matched = 0usize;
            {
                let given =
                    #private::Given::new((&raw mut matched, #(#pointers,)* #taken));
                let receive = given.receive();
                #private::write(#future, async move {
                    let (matched, #(#pointers,)* mut value) = receive.await;
                    // SAFETY:
                    // - the pointers are to slots, as outside of the future: it runs at once, and
                    //   once.
                    #unsafe_token {
                        match value { #(#cases)* _ => ::core::unreachable!() }
                    }
                });
                live.#keeper.set(true);
                #private::hold(#future, given);
            }
            match matched { #(#targets)* _ => ::core::unreachable!() }
        }
    }

    /// The pointer variables that the arms of a split use.
    fn pointers_of_arms(&self, arms: &[Arm]) -> Vec<syn::Ident> {
        let guards = arms.iter().filter_map(|arm| arm.guard.as_ref());
        let named = guards.flat_map(|guard| analysis::named_by(&self.compilation.mir, guard));
        let mut locals: Vec<LocalId> = arms.iter().flat_map(|arm| bindings(&arm.pat)).collect();
        locals.extend(named);
        locals.retain(|local| !self.names.is_in_block(*local));
        locals.sort_unstable();
        locals.dedup();
        locals.into_iter().map(|local| self.pointer(local)).collect()
    }

    /// An arm: moves what it binds to the slots of the bindings.
    fn case(&self, number: usize, arm: &Arm) -> TokenStream {
        let private = private();
        let (pattern, bound) = (self.pattern(&arm.pat), bindings(&arm.pat));
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
        emit! {
            #pattern #guard => {
                #(#puts)*
                *matched = #number;
                #private::pending().await
            }
        }
    }
}
