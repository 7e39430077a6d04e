//! The activation record: what one resume knows and the frame need not.
//!
//! It has a flag for each local that may have to be dropped, and points at the rooms of the locals that
//! do not live across a suspension. When the machine is left by a return or a `?`, what is live is
//! dropped, in reverse order of declaration; on a panic, dropping the record does the same. A suspension
//! forgets it. All that is in `__private/activation.rs` of the runtime; what is here are the bits, and the
//! rooms.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, format_ident};

use super::{Names, frame, lints, private, unsafe_token};
use crate::Compilation;
use crate::analysis::{Home, Suspension};
use crate::hir::LocalId;

/// The bits in a word of flags.
pub(super) const BITS: usize = 32;

/// The number of a slot that is not in a table.
const ELSEWHERE: usize = u16::MAX as usize;

/// The locals that have a flag, in order of declaration.
pub(super) fn flagged(compilation: &Compilation) -> Vec<LocalId> {
    let mut locals: Vec<LocalId> = Vec::new();
    for local in &compilation.mir.declared {
        if has_flag(compilation, *local) && !locals.contains(local) {
            locals.push(*local);
        }
    }
    locals
}

/// Whether a local has a flag.
pub(super) fn has_flag(compilation: &Compilation, local: LocalId) -> bool {
    compilation.analysis.homes[local] != Home::Block && !compilation.mir.locals[local].is_plain
}

/// The flag of a local: a bit of a word in the variable `live`.
pub(super) struct Flag {
    word: TokenStream,
    argument: TokenStream,
    bit: Literal,
}

impl Flag {
    /// The flag with this number, of so many words.
    pub(super) fn new(number: usize, words: usize) -> Self {
        let (word, bit) = (Literal::usize_unsuffixed(number / BITS), bit(1 << (number % BITS)));
        match words {
            1 => Flag { word: emit!(live), argument: emit!(live), bit },
            _ => Flag { word: emit!(live[#word]), argument: emit!(&live[#word]), bit },
        }
    }

    /// The word and the bit, as two arguments.
    pub(super) fn arguments(&self) -> TokenStream {
        let Flag { argument, bit, .. } = self;
        emit!(#argument, #bit)
    }

    /// The local holds a value.
    pub(super) fn set(&self) -> TokenStream {
        let Flag { word, bit, .. } = self;
        emit!(#word.set(#bit);)
    }

    /// The local holds none.
    pub(super) fn clear(&self) -> TokenStream {
        let Flag { word, bit, .. } = self;
        emit!(#word.clear(#bit);)
    }

    /// Whether the local holds a value.
    pub(super) fn get(&self) -> TokenStream {
        let Flag { word, bit, .. } = self;
        emit!(#word.has(#bit))
    }

    /// Whether the local has held a value; it holds none now.
    pub(super) fn take(&self) -> TokenStream {
        let Flag { word, bit, .. } = self;
        emit!(#word.take(#bit))
    }
}

/// The struct of the rooms, if there are any, and how what is in them is dropped.
pub(super) fn emit(compilation: &Compilation, names: &Names) -> Option<TokenStream> {
    let locals = &compilation.layout.activation;
    let (private, lints, unsafe_token) = (private(), lints::for_items(), unsafe_token());
    let types: Vec<Ident> = locals.iter().map(|local| names.parameter(*local)).collect();
    let bounds: Vec<_> = locals.iter().map(|id| frame::bound(compilation, *id)).collect();
    let values_in: Vec<_> =
        locals.iter().map(|id| frame::value_type(compilation, names, *id)).collect();
    let fields: Vec<Ident> = locals.iter().map(|local| room_field(names.field(*local))).collect();
    let values = values(compilation, names, |home| home != Home::Frame);
    let rooms = &names.rooms;
    let places = emit! {
        &{
            let rooms = #private::MaybeUninit::<Self>::uninit();
            let this = rooms.as_ptr();
            let at = this as *const ();
            // SAFETY: all point into one struct, of which only addresses are taken.
            #unsafe_token {
                [#(#private::slot(at, (&raw const (*this).#fields) as *const #values_in),)*]
            }
        }
    };
    let slots = table(compilation, |local| match compilation.analysis.homes[local] {
        Home::Frame => None,
        _ => locals.iter().position(|id| *id == compilation.mir.kept_in(local)),
    });
    let tables = Tables { compilation, names, is_frame: false, places, slots }.emit();
    let emit = || {
        emit! {
            #lints
            struct #rooms<#(#types #bounds),*> { #(#fields: #private::Room<#types>,)* }
            #lints
            impl<#(#types #bounds),*> #rooms<#(#types),*> {
                #[inline(always)]
                fn new() -> Self {
                    #rooms { #(#fields: #private::Room::new(),)* }
                }
            }
            #lints
            impl<#(#types #bounds),*> #private::Rooms for #rooms<#(#types),*> {
                type Values = #values;
                #tables
            }
        }
    };
    (!locals.is_empty()).then(emit)
}

/// How the locals in slots of the frame are dropped, by their bits.
pub(super) fn frame_tables(compilation: &Compilation, names: &Names) -> TokenStream {
    let slots = table(compilation, |local| match compilation.analysis.homes[local] {
        Home::Frame => place_of(compilation, compilation.mir.kept_in(local)),
        _ => None,
    });
    Tables { compilation, names, is_frame: true, places: emit!(Self::PLACES), slots }.emit()
}

/// The tables that say how locals in the frame or in rooms are dropped.
struct Tables<'a> {
    compilation: &'a Compilation,
    names: &'a Names,
    is_frame: bool,
    places: TokenStream,
    slots: TokenStream,
}

impl Tables<'_> {
    /// One table for all ends, if no array may have lost elements.
    fn emit(&self) -> TokenStream {
        let elements = &self.compilation.analysis.elements;
        let drops = self.table("DROPS", &|_| true);
        if elements.is_empty() {
            return drops;
        }
        let ends = self.table("ENDS", &|local| elements.may_be_missing_at_end(local));
        let suspended = self.is_frame.then(|| {
            let table = self.table("SUSPENDED", &|local| elements.may_be_missing_suspended(local));
            emit!(#table const BY_TABLE: bool = true;)
        });
        emit!(#drops #ends #suspended)
    }

    /// A table, of which elements of arrays may be missing in some locals.
    fn table(&self, name: &str, may_be_missing: &dyn Fn(LocalId) -> bool) -> TokenStream {
        let Tables { compilation, names, is_frame, places, slots } = self;
        let (private, name) = (private(), format_ident!("{name}", span = Span::mixed_site()));
        let analysis = &compilation.analysis;
        let flagged = flagged(compilation).into_iter().enumerate();
        let others = flagged.filter_map(|(bit, local)| {
            let is_there = (analysis.homes[local] == Home::Frame) == *is_frame;
            let kept_in = compilation.mir.kept_in(local);
            let is_whole = analysis.has_only_elements(kept_in) && !may_be_missing(kept_in);
            let is_other = frame::has_elements(compilation, kept_in) && !is_whole;
            let (bit, ty) = (Literal::usize_unsuffixed(bit), names.parameter(kept_in));
            (is_there && is_other).then(|| emit!((#bit, #private::DropGlue::of::<#ty>())))
        });
        let others: Vec<TokenStream> = others.collect();
        let table = emit!(#private::drops(#places, #slots));
        let table = match others.is_empty() {
            true => table,
            false => emit!(#private::dropped_by(#table, [#(#others),*])),
        };
        emit!(const #name: &'static [#private::DropSlot] = &#table;)
    }
}

/// The types of the locals in slots of the frame, by their bits.
pub(super) fn frame_values(compilation: &Compilation, names: &Names) -> TokenStream {
    values(compilation, names, |home| home == Home::Frame)
}

/// The types of the locals in such a place, by their bits: eight by eight.
fn values(
    compilation: &Compilation,
    names: &Names,
    is_there: impl Fn(Home) -> bool,
) -> TokenStream {
    let ty = |local: LocalId| {
        let is_there = is_there(compilation.analysis.homes[local]);
        let parameter = || names.parameter(compilation.mir.kept_in(local)).into_token_stream();
        if is_there { parameter() } else { emit!(()) }
    };
    let mut types: Vec<TokenStream> = flagged(compilation).into_iter().map(ty).collect();
    types.resize_with(types.len().next_multiple_of(8), || emit!(()));
    types.chunks(8).rev().fold(emit!(()), |next, eight| emit!(((#(#eight),*), #next)))
}

/// The slots of the arguments, in the order in which they are dropped when nobody has resumed the frame.
pub(super) fn argument_table(compilation: &Compilation) -> TokenStream {
    let needs_drop = |local: &&LocalId| !compilation.mir.locals[**local].is_plain;
    let arguments = compilation.mir.arguments.iter().filter(needs_drop);
    let mut places: Vec<usize> =
        arguments.filter_map(|local| place_of(compilation, *local)).collect();
    if compilation.function.block.is_some() {
        places.reverse(); // what a block captures is dropped in the same order in all states
    }
    let places = places.into_iter().map(Literal::usize_unsuffixed);
    emit!([#(#places),*])
}

/// The number of a local's slot among all places of the frame: the state and the flags are before.
fn place_of(compilation: &Compilation, local: LocalId) -> Option<usize> {
    let layout = &compilation.layout;
    let slot = layout.root.locals().iter().position(|id| *id == local)?;
    Some(1 + layout.flags.len() + slot)
}

/// For each bit the number of a slot.
fn table(compilation: &Compilation, slot: impl Fn(LocalId) -> Option<usize>) -> TokenStream {
    let slots = flagged(compilation).into_iter().map(|local| slot(local).unwrap_or(ELSEWHERE));
    let slots = slots.map(Literal::usize_unsuffixed);
    emit!([#(#slots),*])
}

/// The address of the value of a local for which there is a room.
pub(super) fn room(names: &Names, local: LocalId) -> TokenStream {
    let room = room_field(names.field(local));
    emit!((*rooms).#room.value())
}

/// Sets the flags of what a suspended frame holds.
pub(super) fn restore(suspension: &Suspension, names: &Names) -> TokenStream {
    let words = bits(suspension, names);
    let restore = words.into_iter().enumerate().map(|(index, bits)| {
        let index = Literal::usize_unsuffixed(index);
        match names.words() {
            1 => emit!(live.restore(#bits);),
            _ => emit!(live[#index].restore(#bits);),
        }
    });
    restore.collect()
}

/// The bits of what a suspended frame holds, word by word.
pub(super) fn bits(suspension: &Suspension, names: &Names) -> Vec<TokenStream> {
    let private = private();
    let mut words = vec![0u32; names.words()];
    for local in suspension.filled.iter() {
        let number = names.number(local);
        words[number / BITS] |= 1 << (number % BITS);
    }
    let of_word = |(word, filled): (usize, u32)| {
        let filled = bit(filled);
        let flagged = suspension.flagged.iter().filter(|local| names.number(*local) / BITS == word);
        let flagged = flagged.map(|local| {
            let (flag, bit) = (names.flag(local), bit(1 << (names.number(local) % BITS)));
            emit!(| #private::bits_if((*frame).#flag, #bit))
        });
        emit!(#filled #(#flagged)*)
    };
    words.into_iter().enumerate().map(of_word).collect()
}

/// Some bits of a word.
fn bit(bits: u32) -> Literal {
    format!("{bits:#x}").parse().expect("it is a literal")
}

/// The field with the room for a local.
fn room_field(name: &Ident) -> Ident {
    format_ident!("room_{}", name, span = Span::mixed_site())
}
