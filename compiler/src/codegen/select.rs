//! Looking for the arm that matches a place, without taking anything out of it.
//!
//! The patterns bind as the user wrote them, but control leaves each arm in its guard, so nothing
//! is moved:
//!
//! ```text
//! 'select: {
//!     match x {
//!         A(z) if { break 'select 0 } => ..,
//!         B(y) if { seen = Seen::new(&raw const y, &raw const x); break 'select 1 } => ..,
//!         _ => {}
//!     }
//!     2
//! }
//! ```

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::Expr;

use super::machine::Machine;
use super::{original_names, private};
use crate::hir::{LocalId, bindings};
use crate::mir::{BlockId, SelectArm};

impl Machine<'_> {
    /// Goes on in the block of the arm that matches a place.
    pub(super) fn select(
        &self,
        scrutinee: &Expr,
        arms: &[SelectArm],
        otherwise: Option<BlockId>,
    ) -> TokenStream {
        let (private, place) = (private(), self.place(scrutinee));
        let seen = arms.iter().flat_map(|arm| &arm.looks);
        let seen = seen.map(|(_, seen)| self.bound_variable(*seen));
        let selected = arms.iter().enumerate().map(|(number, arm)| {
            let bound = bindings(&arm.pat);
            let pattern = self.pattern(&arm.pat);
            let guard = arm.guard.as_ref().map(|guard| {
                let guard = self.guard(guard, &bound);
                emit!((#guard) &&)
            });
            let looks = arm.looks.iter().map(|(binding, seen)| {
                let (binding, seen) = (self.bound_variable(*binding), self.bound_variable(*seen));
                emit!(#seen = #private::Seen::new(&raw const #binding, &raw const #place);)
            });
            emit! {
                #pattern if #guard { #(#looks)* break 'select #number } => {
                    ::core::unreachable!()
                }
            }
        });
        let targets = arms.iter().enumerate().map(|(number, arm)| {
            let jump = self.jump(arm.target);
            emit!(#number => { #jump })
        });
        let otherwise = match otherwise {
            Some(otherwise) => self.jump(otherwise),
            None => emit!(::core::unreachable!()),
        };
        let nothing = arms.len();
        emit! {
            #(let mut #seen = #private::Seen::nothing();)*
            let selected = 'select: {
                match #place {
                    #(#selected)*
                    _ => {}
                }
                #nothing
            };
            match selected {
                #(#targets)*
                _ => { #otherwise }
            }
        }
    }

    /// The variable that a pattern has for a binding.
    pub(super) fn bound_variable(&self, local: LocalId) -> TokenStream {
        if !self.names.is_in_block(local) {
            return self.incoming(local).into_token_stream();
        }
        let declared = &self.compilation.mir.locals[local];
        let unique = declared.unique(local, declared.name.span());
        original_names(unique.into_token_stream())
    }
}
