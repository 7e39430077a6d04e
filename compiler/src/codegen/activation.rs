//! The activation record: what one resume knows and the frame need not.
//!
//! It has a flag for each local that may have to be dropped, and points at the rooms of the locals that
//! do not live across a suspension. When the machine is left by a return or a `?`, `leave` drops what is
//! live, in reverse order of declaration; on a panic, dropping the record does the same. A suspension
//! forgets it.
//!
//! The flags are a struct of their own, which is not generic: each use of a value whose type has as
//! many parameters as the frame costs the compiler much more time.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident};

use super::frame::Generics;
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
    let flagged = flagged(compilation);
    let live = live(&flagged, names);
    let record = record(compilation, names);
    let end = end(compilation, &flagged, names);
    emit!(#live #record #end)
}

/// The struct of the flags.
fn live(flagged: &[LocalId], names: &Names) -> TokenStream {
    let (live, private, lints) = (&names.live, private(), lints::for_items());
    let flags: Vec<&Ident> = flagged.iter().map(|local| names.field(*local)).collect();
    emit! {
        #lints
        struct #live { #(#flags: #private::Flag,)* }
        #lints
        impl #live {
            #[inline(always)]
            fn nothing() -> Self {
                #live { #(#flags: #private::Flag::new(false),)* }
            }

            #[inline(always)]
            fn take(&self) -> Self {
                #live { #(#flags: #private::Flag::new(self.#flags.get()),)* }
            }
        }
    }
}

/// The struct of the record, and that of the rooms, if there are any.
fn record(compilation: &Compilation, names: &Names) -> TokenStream {
    let (frame, activation, live) = (&names.frame, &names.activation, &names.live);
    let (private, lints) = (private(), lints::for_items());
    let Generics { declared, used } = super::frame::generics(compilation, names);
    let (types, fields) = rooms(compilation, names);
    let rooms = &names.rooms;
    emit! {
        #lints
        struct #rooms<#(#types),*> { #(#fields: #private::Room<#types>,)* }
        #lints
        impl<#(#types),*> #rooms<#(#types),*> {
            #[inline(always)]
            fn new() -> Self {
                #rooms { #(#fields: #private::Room::new(),)* }
            }
        }
        #lints
        struct #activation<#declared #(#types),*> {
            frame: *mut #frame<#used>,
            rooms: *const #rooms<#(#types),*>,
            live: #live,
        }
    }
}

/// What ends a record: it drops what is live.
fn end(compilation: &Compilation, flagged: &[LocalId], names: &Names) -> TokenStream {
    let (frame, state, activation) = (&names.frame, &names.state, &names.activation);
    let (live, rooms) = (&names.live, &names.rooms);
    let (unsafe_token, private, lints) = (unsafe_token(), private(), lints::for_items());
    let Generics { declared, used } = super::frame::generics(compilation, names);
    let (types, _) = self::rooms(compilation, names);
    let nothing = types.iter().map(|_| emit!(()));
    let drops = poisoned_meanwhile(compilation, names, &drops(compilation, flagged, names));
    emit! {
        #lints
        impl<#declared #(#types),*> #activation<#used #(#types),*> {
            #[inline(always)]
            fn new(frame: *mut #frame<#used>, rooms: *const #rooms<#(#types),*>) -> Self {
                #activation { frame, rooms, live: #live::nothing() }
            }

            /// Drops what is live, and leaves the frame in the state `end`.
            #[inline(always)]
            fn leave(self, end: #state) {
                let record = #private::Part::new(self);
                let (frame, live) = (record.frame, &record.live);
                // SAFETY:
                // - a slot whose flag is set holds a value: the machine keeps them equal.
                // - nobody else uses the frame: `OneResumer`.
                #unsafe_token { #drops }
            }

            /// What a panic does. It takes the record as values, so that the record itself need not be in
            /// memory.
            #[cold]
            #[inline(never)]
            fn unwind(frame: *mut #frame<#used>, rooms: *const #rooms<#(#types),*>, live: #live) {
                #activation { frame, rooms, live }.leave(#state::Poisoned);
            }
        }
        #lints
        impl<#declared> #activation<#used #(#nothing),*> {
            /// Ends the record of a frame that is dropped.
            fn discard(self) {
                self.leave(#state::Poisoned);
            }
        }
        #lints
        impl<#declared #(#types),*> ::core::ops::Drop for #activation<#used #(#types),*> {
            #[inline(always)]
            fn drop(&mut self) {
                #activation::unwind(self.frame, self.rooms, self.live.take());
            }
        }
    }
}

/// The drops of what is live, in reverse order of declaration.
fn drops(compilation: &Compilation, flagged: &[LocalId], names: &Names) -> TokenStream {
    let private = private();
    let drops = flagged.iter().rev().map(|local| {
        let (field, kept_in) = (names.field(*local), compilation.mir.kept_in(*local));
        let pointer = match compilation.analysis.homes[*local] {
            Home::Frame => names.slot(kept_in).into_token_stream(),
            _ => room(names, kept_in, &emit!(rooms)),
        };
        emit!(#private::drop_if(&live.#field, #pointer);)
    });
    let is_flagged = flagged.iter().any(|id| compilation.analysis.homes[*id] == Home::Frame);
    let slots = super::frame::slots(compilation, names, &emit!(frame));
    let slots = slots.filter(|_| is_flagged);
    let declared = super::frame::declare_slots(compilation, |local| {
        flagged.contains(&local).then(|| names.slot(local))
    });
    let declared = declared.filter(|_| is_flagged);
    emit! {
        let rooms = record.rooms;
        #slots
        #private::drop_each(|| {
            let (rooms, live) = (rooms, live);
            #declared
            #(#drops)*
        });
    }
}

/// The drops, and the state in which they leave the frame: if one of them panics, it is poisoned. A
/// callee that keeps the state does so until it is dropped.
fn poisoned_meanwhile(
    compilation: &Compilation,
    names: &Names,
    drops: &TokenStream,
) -> TokenStream {
    let (private, state) = (private(), &names.state);
    let write = |state: TokenStream| super::state::write(compilation, names, &emit!(frame), &state);
    let (poison, end) = (write(emit!(#state::Poisoned)), write(emit!(end)));
    match compilation.layout.sharing {
        None => emit!(#poison #drops #end),
        Some(_) => emit! {
            let poison = #private::Later::new(|| { #poison });
            #drops
            #private::forget_value(poison);
            #end
        },
    }
}

/// The type parameters of the locals that the record has room for, and its fields for them.
fn rooms(compilation: &Compilation, names: &Names) -> (Vec<Ident>, Vec<Ident>) {
    let locals = compilation.layout.activation.iter();
    locals.map(|local| (names.parameter(*local), room_field(names.field(*local)))).unzip()
}

/// The address of the value of a local for which a record has a room.
pub(super) fn room(names: &Names, local: LocalId, rooms: &TokenStream) -> TokenStream {
    let room = room_field(names.field(local));
    emit!((*#rooms).#room.value())
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
