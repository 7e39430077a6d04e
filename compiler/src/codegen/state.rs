//! The enum of states.

use proc_macro2::{Ident, TokenStream};

use super::{Names, lints};
use crate::Compilation;
use crate::frame::State;

pub(super) fn emit(compilation: &Compilation, names: &Names) -> TokenStream {
    let variants = compilation.layout.resting().map(|state| {
        let (doc, name) = (describe(state), &state.name);
        emit!(#[doc = #doc] #name)
    });
    let (name, lints) = (&names.state, lints::for_items());
    let count = compilation.layout.resting().count() + 3;
    let repr = if count > 256 { emit!(u16) } else { emit!(u8) };
    let loops = loops(compilation, names);
    emit! {
        #lints
        #[derive(Clone, Copy)]
        #[repr(#repr)]
        enum #name {
            #[doc = " Not resumed yet: the frame holds the arguments."]
            Start,
            #[doc = " Ran to its end."]
            Returned,
            #[doc = " Panicked."]
            Poisoned,
            #(#variants,)*
        }
        #loops
    }
}

/// The enum of where a step begins, if not only where the coroutine was suspended.
fn loops(compilation: &Compilation, names: &Names) -> Option<TokenStream> {
    let (name, lints) = (&names.entry, lints::for_items());
    let variants: Vec<&Ident> = compilation.layout.loops().map(|state| &state.name).collect();
    let emit = || {
        emit! {
            #lints
            #[derive(Clone, Copy)]
            enum #name {
                #[doc = " Where the coroutine was suspended."]
                Resumed,
                #(#[doc = " Where a loop begins."] #variants,)*
            }
        }
    };
    (!variants.is_empty()).then(emit)
}

/// The state of the frame that `frame` points to.
pub(super) fn read(compilation: &Compilation, names: &Names) -> TokenStream {
    let frame = &names.frame;
    match compilation.layout.sharing {
        Some(_) => emit!(#frame::state(frame)),
        None => emit!((*frame).state),
    }
}

/// The statement that makes `state` the state of the frame that `frame` points to.
pub(super) fn write(
    compilation: &Compilation,
    names: &Names,
    frame: &TokenStream,
    state: &TokenStream,
) -> TokenStream {
    let ty = &names.frame;
    match compilation.layout.sharing {
        Some(_) => emit!(#ty::set_state(#frame, #state);),
        None => emit!((*#frame).state = #state;),
    }
}

/// What a state stands for, with the line in the user's program.
fn describe(state: &State) -> String {
    match &state.source {
        Some(source) => {
            let line = source.span.start().line;
            match source.text.is_empty() {
                true => format!(" Line {line}: suspended."),
                false => format!(" Line {line}: suspended at `{}`.", source.text),
            }
        }
        None => unreachable!("a frame rests where it is suspended"),
    }
}
