//! The first values of locals that are kept in slots.

use proc_macro2::TokenStream;

use super::machine::Machine;
use super::{code, private, typed};
use crate::hir::LocalId;
use crate::mir::Statement;

impl Machine<'_> {
    /// A value that initialises a local, with the type that is written for the local: the witness
    /// has it there as well, see `typed`. That a branch without a value has none of that type is for
    /// the witness to report.
    pub(super) fn first_value(&self, local: LocalId, value: &syn::Expr) -> TokenStream {
        let ty = self.compilation.mir.locals[local].ty.as_ref();
        match ty.filter(|_| !typed::keeps_temporaries(value)) {
            Some(ty)
                if !matches!(ty, syn::Type::Infer(_))
                    && !matches!(ty, syn::Type::Tuple(tuple) if tuple.elems.is_empty())
                    && matches!(value, syn::Expr::Tuple(tuple) if tuple.elems.is_empty()) =>
            {
                let private = private();
                emit!(#private::end_of_body())
            }
            Some(ty) => code::with_type(ty, &self.value(value)),
            None => self.first(value),
        }
    }

    /// Whether a local gets a value at one place only, which has the local's type then.
    pub(super) fn is_only_value(&self, local: LocalId) -> bool {
        let blocks = self.compilation.mir.blocks.iter();
        let is_value = |statement: &&Statement| matches!(statement, Statement::Init { local: of, .. } if *of == local);
        blocks.flat_map(|block| &block.statements).filter(is_value).count() == 1
    }

    /// Moves a value into a slot that holds none.
    pub(super) fn fill(&self, local: LocalId, value: &TokenStream) -> TokenStream {
        let (pointer, private) = (self.slot(local), private());
        let value = match self.is_parted(local) {
            true => emit!(#private::Parted::new(#value)),
            false => value.clone(),
        };
        let elements = self.elements_at_first(local);
        match self.has_flag(local) {
            true => {
                let flag = self.names.live(local).arguments();
                emit!(#private::fill(#pointer, #flag, #value); #elements)
            }
            false => emit!(#private::write(#pointer, #value); #elements),
        }
    }

    /// Moves a value into a slot that holds none, with its lifetimes forgotten: that it borrows from
    /// a temporary of its own is for the witness to report.
    pub(super) fn fill_erased(
        &self,
        local: LocalId,
        ty: Option<&syn::Type>,
        value: &syn::Expr,
    ) -> TokenStream {
        let (pointer, private) = (self.pointer(local), private());
        let fill = self.fill(local, &emit!(#private::erased(#pointer, value)));
        let typed = ty.map(|ty| {
            let given = code::in_place_of(value, &emit!(value));
            emit!(let value: #ty = #given;)
        });
        let is_place =
            matches!(value, syn::Expr::Unary(place) if matches!(place.op, syn::UnOp::Deref(_)));
        let value = self.value(value);
        let fill = emit! {
            #typed
            if false {
                loop {}
                #private::same(#pointer, &raw const value);
            }
            #fill
        };
        match is_place {
            // rustc says of a `let` how not to move out of the place.
            true => emit!({ let value = #value; #fill }),
            false => emit!(match #private::Ready(#value).0 { value => { #fill } };),
        }
    }
}
