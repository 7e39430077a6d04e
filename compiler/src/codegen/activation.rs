//! The activation record: what one resume knows and the frame need not.
//!
//! It has a flag for each local that may have to be dropped, and room for the locals that do not
//! live across a suspension. Whatever way the machine is left (a return, a `?`, a panic), dropping
//! the record drops what is live, in reverse order of declaration. A suspension forgets it.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident};

use super::{Names, lints, private, unsafe_token};
use crate::Compilation;
use crate::analysis::{Home, Suspension};
use crate::hir::LocalId;

/// The locals that have a flag, in order of declaration.
pub(super) fn flagged(compilation: &Compilation) -> Vec<LocalId> {
    let mut locals: Vec<LocalId> = Vec::new();
    for local in &compilation.mir.declared {
        let is_kept = compilation.analysis.homes[*local] != Home::Block;
        if is_kept && !compilation.mir.locals[*local].is_plain && !locals.contains(local) {
            locals.push(*local);
        }
    }
    locals
}

/// Whether a local has a flag.
pub(super) fn has_flag(compilation: &Compilation, local: LocalId) -> bool {
    compilation.analysis.homes[local] != Home::Block && !compilation.mir.locals[local].is_plain
}

pub(super) fn emit(compilation: &Compilation, names: &Names) -> TokenStream {
    let (frame, state, activation) = (&names.frame, &names.state, &names.activation);
    let (private, unsafe_token, lints) = (private(), unsafe_token(), lints::for_items());
    let slots = super::frame::parameters(&compilation.layout.root, names);
    let in_record = &compilation.layout.activation;
    let rooms: Vec<&Ident> = in_record.iter().map(|local| names.field(*local)).collect();
    let types: Vec<Ident> = in_record.iter().map(|local| names.parameter(*local)).collect();
    let room_fields: Vec<Ident> = rooms.iter().map(|name| room_field(name)).collect();
    let flagged = flagged(compilation);
    let flags: Vec<&Ident> = flagged.iter().map(|local| names.field(*local)).collect();
    let drops = flagged.iter().rev().map(|local| {
        let field = names.field(*local);
        let pointer = match compilation.analysis.homes[*local] {
            Home::Frame => names.slot(*local).into_token_stream(),
            _ => room(names, *local, &emit!(self)),
        };
        emit!(#private::drop_if(&self.#field, #pointer);)
    });
    let is_flagged = flagged.iter().any(|id| compilation.analysis.homes[*id] == Home::Frame);
    let all = |local| names.slot(local);
    let pointers = super::frame::declare_slots(compilation, names, all, &emit!(self.frame));
    let pointers = pointers.filter(|_| is_flagged);
    let nothing = types.iter().map(|_| emit!(()));
    emit! {
        #lints
        struct #activation<#(#slots,)* #(#types),*> {
            frame: *mut #frame<#(#slots),*>,
            end: #private::Flag<#state>,
            pinned: #private::PhantomPinned,
            #(#flags: #private::Flag<bool>,)*
            #(#room_fields: #private::Room<#types>,)*
        }
        #lints
        impl<#(#slots,)* #(#types),*> #activation<#(#slots,)* #(#types),*> {
            #[inline(always)]
            fn new(frame: *mut #frame<#(#slots),*>) -> Self {
                #activation {
                    frame,
                    end: #private::Flag::new(#state::Poisoned),
                    pinned: #private::PhantomPinned,
                    #(#flags: #private::Flag::new(false),)*
                    #(#room_fields: #private::Room::new(),)*
                }
            }
        }
        #lints
        impl<#(#slots),*> #activation<#(#slots,)* #(#nothing),*> {
            fn infer_nothing_else(self) {}
        }
        #lints
        impl<#(#slots,)* #(#types),*> ::core::ops::Drop for #activation<#(#slots,)* #(#types),*> {
            #[inline]
            fn drop(&mut self) {
                // SAFETY:
                // - a slot whose flag is set holds a value: the machine keeps them equal.
                // - nobody else uses the frame: `OneResumer`.
                #unsafe_token {
                    (*self.frame).state = #state::Poisoned;
                    #pointers
                    #private::drop_each(|| { #(#drops)* });
                    (*self.frame).state = self.end.get();
                }
            }
        }
    }
}

/// The address of the value of a local in an activation record.
pub(super) fn room(names: &Names, local: LocalId, record: &TokenStream) -> TokenStream {
    let room = room_field(names.field(local));
    emit!(#record.#room.value())
}

/// Sets the flags of what a suspended frame holds.
pub(super) fn restore(suspension: &Suspension, names: &Names) -> TokenStream {
    let filled = suspension.filled.iter().map(|local| {
        let field = names.field(local);
        emit!(live.#field.set(true);)
    });
    let flagged = suspension.flagged.iter().map(|local| {
        let (field, flag) = (names.field(local), names.flag(local));
        emit!(live.#field.set((*frame).#flag);)
    });
    emit!(#(#filled)* #(#flagged)*)
}

/// The field with the room for a local.
fn room_field(name: &Ident) -> Ident {
    format_ident!("room_{}", name, span = Span::mixed_site())
}
