//! The activation record: what one resume knows and the frame need not.
//!
//! It has a flag for each local that may have to be dropped, and room for the locals that do not
//! live across a suspension. Whatever way the machine is left (a return, a `?`, a panic), dropping
//! the record drops what is live, in reverse order of declaration. A suspension forgets it.
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
    let drop = drop(compilation, &flagged, names);
    emit!(#live #record #drop)
}

/// The struct of the flags.
fn live(flagged: &[LocalId], names: &Names) -> TokenStream {
    let (live, private, lints) = (&names.live, private(), lints::for_items());
    let flags: Vec<&Ident> = flagged.iter().map(|local| names.field(*local)).collect();
    emit! {
        #lints
        struct #live { #(#flags: #private::Flag<bool>,)* }
        #lints
        impl #live {
            #[inline]
            fn nothing() -> Self {
                #live { #(#flags: #private::Flag::new(false),)* }
            }
        }
    }
}

/// The struct of the record.
fn record(compilation: &Compilation, names: &Names) -> TokenStream {
    let (frame, state, activation) = (&names.frame, &names.state, &names.activation);
    let (live, private, lints) = (&names.live, private(), lints::for_items());
    let Generics { declared, used } = super::frame::generics(compilation, names);
    let (types, rooms) = rooms(compilation, names);
    let nothing = types.iter().map(|_| emit!(()));
    emit! {
        #lints
        struct #activation<#declared #(#types),*> {
            frame: *mut #frame<#used>,
            end: #private::Flag<#state>,
            live: #live,
            pinned: #private::PhantomPinned,
            #(#rooms: #private::Room<#types>,)*
        }
        #lints
        impl<#declared #(#types),*> #activation<#used #(#types),*> {
            #[inline(always)]
            fn new(frame: *mut #frame<#used>) -> Self {
                #activation {
                    frame,
                    end: #private::Flag::new(#state::Poisoned),
                    live: #live::nothing(),
                    pinned: #private::PhantomPinned,
                    #(#rooms: #private::Room::new(),)*
                }
            }
        }
        #lints
        impl<#declared> #activation<#used #(#nothing),*> {
            fn infer_nothing_else(self) {}
        }
    }
}

/// Dropping a record drops what is live.
fn drop(compilation: &Compilation, flagged: &[LocalId], names: &Names) -> TokenStream {
    let activation = &names.activation;
    let (private, unsafe_token, lints) = (private(), unsafe_token(), lints::for_items());
    let Generics { declared: generics, used } = super::frame::generics(compilation, names);
    let (types, _) = rooms(compilation, names);
    let drops = flagged.iter().rev().map(|local| {
        let (field, kept_in) = (names.field(*local), compilation.mir.kept_in(*local));
        let pointer = match compilation.analysis.homes[*local] {
            Home::Frame => names.slot(kept_in).into_token_stream(),
            _ => room(names, kept_in, &emit!(record)),
        };
        emit!(#private::drop_if(&live.#field, #pointer);)
    });
    let is_flagged = flagged.iter().any(|id| compilation.analysis.homes[*id] == Home::Frame);
    let slots = super::frame::slots(compilation, names, &emit!(self.frame));
    let slots = slots.filter(|_| is_flagged);
    let declared = super::frame::declare_slots(compilation, |local| {
        flagged.contains(&local).then(|| names.slot(local))
    });
    let declared = declared.filter(|_| is_flagged);
    let drops = emit! {
        let (record, live) = (&*self, &self.live);
        #slots
        #private::drop_each(|| {
            let (record, live) = (record, live);
            #declared
            #(#drops)*
        });
    };
    let drops = poisoned_meanwhile(compilation, names, &drops);
    emit! {
        #lints
        impl<#generics #(#types),*> ::core::ops::Drop for #activation<#used #(#types),*> {
            #[inline]
            fn drop(&mut self) {
                // SAFETY:
                // - a slot whose flag is set holds a value: the machine keeps them equal.
                // - nobody else uses the frame: `OneResumer`.
                #unsafe_token {
                    #drops
                }
            }
        }
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
    let write = |frame: TokenStream, state: TokenStream| {
        super::state::write(compilation, names, &frame, &state)
    };
    let end = write(emit!(self.frame), emit!(self.end.get()));
    match compilation.layout.sharing {
        None => {
            let poison = write(emit!(self.frame), emit!(#state::Poisoned));
            emit!(#poison #drops #end)
        }
        Some(_) => {
            let poison = write(emit!(frame), emit!(#state::Poisoned));
            emit! {
                let frame = self.frame;
                let poison = #private::Later::new(|| { #poison });
                #drops
                #private::forget_value(poison);
                #end
            }
        }
    }
}

/// The type parameters of the locals that the record has room for, and its fields for them.
fn rooms(compilation: &Compilation, names: &Names) -> (Vec<Ident>, Vec<Ident>) {
    let locals = compilation.layout.activation.iter();
    locals.map(|local| (names.parameter(*local), room_field(names.field(*local)))).unzip()
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
