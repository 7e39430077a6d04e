//! What the runtime knows of a frame: where its slots are, how they are dropped, and what `frame_layout!`
//! reads, the names of fields and states.
//!
//! Names are not evaluated where nobody asks, so they are written down as text, which costs the
//! compiler least; `frame/layout/table.rs` of the runtime has its grammar.

use std::fmt::Write;

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::Visibility;
use syn::spanned::Spanned;

use super::frame::Generics;
use super::{Names, lints, private, unsafe_token};
use crate::Compilation;
use crate::ast::CoroutineFn;
use crate::hir::{LocalId, LocalKind};
use crate::index::IdSet;
use crate::mir::Terminator;

/// The constants with the layout.
pub(super) fn emit(compilation: &Compilation, names: &Names) -> TokenStream {
    let layout = &compilation.layout;
    let (private, lints, unsafe_token) = (private(), lints::for_items(), unsafe_token());
    let Generics { declared, used } = super::frame::generics(compilation, names);
    let (frame, name) = (&names.frame, original_name(&compilation.function));
    let flags = layout.flags.iter().map(|local| names.flag(*local));
    let locals = layout.root.locals();
    let slots = (0..locals.len()).map(syn::Index::from);
    let types = locals.iter().map(|local| {
        let is_other = super::frame::has_elements(compilation, *local);
        let ty = super::frame::value_type(compilation, names, *local);
        is_other.then(|| emit!(as *const #ty))
    });
    let all_slots =
        (!locals.is_empty()).then(|| emit!(let slots = #unsafe_token { Self::slots(this) };));
    let states = resting(compilation);
    let (count, states) = (states.len(), states_as_text(compilation, &states));
    let fields = fields_as_text(compilation, names);
    let awaited = awaited_slots(compilation).into_iter().rev().fold(emit!(()), |rest, at| {
        let ty = names.parameter(locals[at]);
        emit!((#ty, #rest))
    });
    let number = 1 + layout.flags.len() + locals.len();
    let drops = super::activation::frame_tables(compilation, names);
    let arguments = super::activation::argument_table(compilation);
    let values = super::activation::frame_values(compilation, names);
    let state = &names.state;
    let set_state = super::state::write(compilation, names, &emit!(this), &emit!(state));
    emit! {
        #lints
        impl<#declared> #private::Table for #frame<#used> {
            type Awaited = #awaited;
            type State = #state;
            type Values = #values;
            const NAME: &'static ::core::primitive::str = #name;
            const PLACES: &'static [#private::Place] = &{
                let frame = #private::MaybeUninit::<Self>::uninit();
                let this = frame.as_ptr() as *mut Self;
                let at = this as *const ();
                #all_slots
                // SAFETY: all point into one frame, of which only addresses are taken.
                #unsafe_token {
                    [
                        #private::slot(at, &raw const (*this).state),
                        #(#private::slot(at, &raw const (*this).#flags),)*
                        #(#private::slot(at, slots.#slots #types),)*
                    ]
                }
            };
            const FIELDS: &'static [#private::Field] =
                &#private::fields::<#number>(#fields, Self::PLACES);
            const STATES: &'static [#private::State] =
                &#private::states::<#count>(::core::file!(), #states);
            #drops
            const ARGUMENTS: &'static [#private::DropSlot] =
                &#private::drops(Self::PLACES, #arguments);
            const RETURNED: #state = #state::Returned;
            const POISONED: #state = #state::Poisoned;

            #[inline(always)]
            #unsafe_token fn set_state(this: *mut Self, state: #state) {
                // SAFETY: by the function's contract.
                #unsafe_token { #set_state }
            }
        }
    }
}

/// What fails the build if the frame is larger than the attribute allows: an associated constant, and
/// the statement that has it evaluated.
pub(super) fn limit(compilation: &Compilation, names: &Names) -> Option<TokenStream> {
    let limit = compilation.function.max_frame.as_ref()?;
    let (private, lints, frame) = (private(), lints::for_items(), &names.frame);
    let Generics { declared, used } = super::frame::generics(compilation, names);
    let span = Span::mixed_site().located_at(limit.span());
    let check = quote_spanned!(span=> #private::fits::<Self>(#limit));
    Some(emit! {
        #lints
        impl<#declared> #frame<#used> {
            const FITS: () = #check;
            fn fits(_: #private::FrameType<Self>) {
                Self::FITS
            }
        }
    })
}

/// The statement that has the constant of [`limit`] evaluated.
pub(super) fn enforce(compilation: &Compilation, names: &Names) -> Option<TokenStream> {
    let frame = &names.frame;
    compilation.function.max_frame.as_ref().map(|_| emit!(#frame::fits(witness);))
}

/// The future of rustc's around a machine, which fails the build if it is larger than the attribute
/// allows.
pub(super) fn limited(function: &CoroutineFn, future: TokenStream) -> TokenStream {
    let Some(limit) = &function.max_frame else { return future };
    let (lints, name) = (lints::for_items(), original_name(function));
    let span = Span::mixed_site().located_at(limit.span());
    let check = quote_spanned!(span=> ::coframe::__private::future_fits::<F>(#name, #limit));
    emit! {
        #lints
        struct Limited<F>(F);
        #lints
        impl<F> Limited<F> {
            const FITS: () = #check;
            fn fits(future: F) -> F {
                let () = Self::FITS;
                future
            }
        }
        Limited::fits(#future)
    }
}

/// The argument that tells which of what is awaited are coroutines: a closure that never runs.
pub(super) fn callees(compilation: &Compilation, names: &Names) -> TokenStream {
    let awaited = awaited_slots(compilation);
    if awaited.is_empty() {
        return emit!(|| ());
    }
    let (private, frame, unsafe_token) = (private(), &names.frame, unsafe_token());
    let list = awaited.iter().rev().fold(emit!(()), |rest, at| {
        let at = syn::Index::from(*at);
        emit!(((&#private::Callee::of(slots.#at)).callee(), #rest))
    });
    emit! {
        || {
            use #private::{KnownCallee as _, UnknownCallee as _};
            // SAFETY: this never runs.
            let slots = #unsafe_token { #frame::slots(#private::frame_of(witness)) };
            #list
        }
    }
}

/// Whether the type of the function can tell that its frame is known: not that of a function which
/// might be one of a trait, whose other implementations are not.
pub(super) fn is_public(function: &CoroutineFn) -> bool {
    !matches!(function.visibility, Visibility::Inherited)
        || !super::lifetimes::names_self(&function.signature)
}

fn original_name(function: &CoroutineFn) -> String {
    let name = function.signature.ident.to_string();
    name.trim_start_matches("r#").to_owned()
}

/// The suspensions, by their numbers, in the order of their states.
fn resting(compilation: &Compilation) -> Vec<Option<usize>> {
    let states = compilation.layout.states.iter();
    std::iter::once(None)
        .chain(states.filter(|s| s.suspension.is_some()).map(|s| s.suspension))
        .collect()
}

fn states_as_text(compilation: &Compilation, states: &[Option<usize>]) -> String {
    let start = compilation.function.signature.ident.span().start();
    let mut text = format!("Start {} {}", start.line, start.column + 1);
    for suspension in states.iter().flatten() {
        let state = compilation.layout.states.iter().find(|s| s.suspension == Some(*suspension));
        let state = state.expect("it is the state's");
        let source = state.source.as_ref().expect("a suspension is in the user's program");
        let at = source.span.start();
        let awaited = source.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let _ = write!(text, "\n{} {} {} {awaited}", state.name, at.line, at.column + 1);
    }
    text
}

fn fields_as_text(compilation: &Compilation, names: &Names) -> String {
    let layout = &compilation.layout;
    let suspensions: Vec<_> = resting(compilation)
        .into_iter()
        .map(|number| number.map(|number| &compilation.analysis.suspensions[number]))
        .collect();
    let contains = |set: &IdSet<LocalId>, local| set.contains(local);
    let mut text = format!("state s {}", set_of(suspensions.iter().map(|_| true)));
    for local in &layout.flags {
        let in_use = suspensions.iter().map(|s| s.is_some_and(|s| contains(&s.flagged, *local)));
        let _ = write!(text, "\n{} f {}", names.flag(*local), set_of(in_use));
    }
    for local in layout.root.locals() {
        let is_argument = compilation.mir.arguments.contains(&local);
        let live = suspensions.iter().map(|s| match s {
            Some(suspension) => contains(&suspension.saved, local),
            None => is_argument,
        });
        let kind = match compilation.mir.locals[local].kind {
            _ if is_argument => 'a',
            _ if is_awaited(compilation, local) => 'w',
            LocalKind::Temporary => 't',
            _ => 'v',
        };
        let _ = write!(text, "\n{} {kind} {}", field_name(compilation, names, local), set_of(live));
    }
    text
}

/// The user's name of a variable, if no other field has it.
fn field_name(compilation: &Compilation, names: &Names, local: LocalId) -> String {
    let original = |local: LocalId| compilation.mir.locals[local].name.to_string();
    let name = original(local);
    let others = compilation.layout.root.locals().into_iter().filter(|other| *other != local);
    let is_taken = name == "state" || others.map(original).any(|other| other == name);
    let field = names.field(local).to_string();
    let name = if is_taken { field } else { name };
    name.trim_start_matches("r#").to_owned()
}

/// The numbers of the slots with what is awaited.
fn awaited_slots(compilation: &Compilation) -> Vec<usize> {
    let locals = compilation.layout.root.locals();
    (0..locals.len()).filter(|at| is_awaited(compilation, locals[*at])).collect()
}

fn is_awaited(compilation: &Compilation, local: LocalId) -> bool {
    let blocks = &compilation.mir.blocks;
    blocks.iter().any(
        |block| matches!(&block.terminator, Terminator::Await { future, .. } if *future == local),
    )
}

/// A set as hexadecimal digits, the lowest first.
fn set_of(members: impl Iterator<Item = bool>) -> String {
    let members: Vec<bool> = members.collect();
    let digit = |four: &[bool]| {
        let bits = four.iter().rev().fold(0, |bits, is_member| bits * 2 + u32::from(*is_member));
        char::from_digit(bits, 16).expect("four bits are a digit")
    };
    members.chunks(4).map(digit).collect()
}
