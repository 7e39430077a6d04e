//! The enum of states.

use proc_macro2::TokenStream;

use super::{Names, lints};
use crate::Compilation;
use crate::frame::State;

pub(super) fn emit(compilation: &Compilation, names: &Names) -> TokenStream {
    let states = &compilation.layout.states;
    let variants = states.iter().map(|state| {
        let (doc, name) = (describe(state), &state.name);
        emit!(#[doc = #doc] #name)
    });
    let (name, lints) = (&names.state, lints::for_items());
    let repr = if states.len() + 3 > 256 { emit!(u16) } else { emit!(u8) };
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
    }
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
        None => " Between suspensions.".to_owned(),
    }
}
