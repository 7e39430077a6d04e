//! Every generated name.
//!
//! ```text
//! items       __EchoState, __EchoEntry, __EchoFrame, __EchoOverlay1, __EchoGroup1, __EchoArguments,
//!             __EchoRooms
//! parameters  the local's name in camel case: `Buf` for `buf`, with `_` if it is not the only one
//! fields      the local's name, with a number if it is not the only one
//! variables   as the fields, with two underscores: a pointer to the value; `__n__new` is assigned to
//! ```

use std::collections::HashSet;

use proc_macro2::{Ident, Span};
use quote::format_ident;

use super::activation;
use crate::Compilation;
use crate::frame::camel_case;
use crate::hir::{Local, LocalId};
use crate::index::{Id, IndexVec};

/// The names of one coroutine.
pub(crate) struct Names {
    /// The enum of states.
    pub(crate) state: Ident,
    /// The enum of where a step begins.
    pub(crate) entry: Ident,
    /// The frame.
    pub(crate) frame: Ident,
    /// The rooms of what does not live across a suspension.
    pub(crate) rooms: Ident,
    /// The locals that have a flag, in order of declaration.
    flagged: Vec<LocalId>,
    /// What the names of overlays and groups begin with.
    prefix: String,
    /// Fields and pointer variables.
    fields: IndexVec<LocalId, Option<Ident>>,
    /// Type parameters.
    parameters: IndexVec<LocalId, Option<Ident>>,
    /// The locals that the user did not name.
    is_generated: IndexVec<LocalId, bool>,
}

impl Names {
    /// The names for a compilation.
    pub(crate) fn new(compilation: &Compilation) -> Self {
        let prefix = camel_case(&compilation.function.signature.ident.to_string());
        let item = |suffix: &str| format_ident!("__{prefix}{suffix}", span = Span::mixed_site());
        let mut known = HashSet::new();
        let parameter = |field: &Option<Ident>| field.as_ref().map(|f| parameter(f, &mut known));
        Names {
            parameters: compilation.layout.names.map(parameter),
            state: item("State"),
            entry: item("Entry"),
            frame: item("Frame"),
            rooms: item("Rooms"),
            flagged: activation::flagged(compilation),
            fields: compilation.layout.names.clone(),
            is_generated: compilation.mir.locals.map(Local::is_generated),
            prefix,
        }
    }

    /// The union with this number.
    pub(crate) fn overlay(&self, number: usize) -> Ident {
        format_ident!("__{}Overlay{number}", self.prefix, span = Span::mixed_site())
    }

    /// The union of the arguments that share bytes with the callee that may keep the state.
    pub(crate) fn arguments(&self) -> Ident {
        format_ident!("__{}Arguments", self.prefix, span = Span::mixed_site())
    }

    /// The struct in a union with this number.
    pub(crate) fn group(&self, number: usize) -> Ident {
        format_ident!("__{}Group{number}", self.prefix, span = Span::mixed_site())
    }

    /// The field of a local, and the variable that points to its value.
    pub(crate) fn field(&self, local: LocalId) -> &Ident {
        self.fields[local].as_ref().expect("the local is not kept in its block")
    }

    /// The variable of the machine that points to a local's value, at a place in the user's
    /// program. It has the user's span, so that a mistake which the machine repeats is the same
    /// error as in the witness; so it is not hygienic, and named as no user names anything.
    pub(crate) fn pointer(&self, local: LocalId, span: Span) -> Ident {
        let span = match self.is_generated[local] {
            true => span.resolved_at(Span::mixed_site()),
            false => span,
        };
        format_ident!("__{}", self.field(local).to_string().trim_start_matches("r#"), span = span)
    }

    /// The variable of the machine that values are assigned to on their way into a local.
    pub(crate) fn assigned(&self, local: LocalId, span: Span) -> Ident {
        format_ident!("{}__new", self.pointer(local, span))
    }

    /// The variable that points to all of the slot of a local of which parts are taken.
    pub(crate) fn slot(&self, local: LocalId) -> Ident {
        format_ident!("__{}_slot", self.field(local), span = Span::mixed_site())
    }

    /// The variable that stands for a local in the macros that are not known.
    pub(crate) fn within(&self, local: LocalId, span: Span) -> Ident {
        format_ident!("__{}_within", self.field(local), span = span)
    }

    /// Whether a local is kept in its block.
    pub(crate) fn is_in_block(&self, local: LocalId) -> bool {
        self.fields[local].is_none()
    }

    /// The type parameter for the type of a local.
    pub(crate) fn parameter(&self, local: LocalId) -> Ident {
        self.parameters[local].clone().expect("the local is not kept in its block")
    }

    /// The number of a local's flag.
    pub(super) fn number(&self, local: LocalId) -> usize {
        let number = self.flagged.iter().position(|flagged| *flagged == local);
        number.expect("the local has a flag")
    }

    /// How many words the flags take.
    pub(super) fn words(&self) -> usize {
        self.flagged.len().div_ceil(activation::BITS).max(1)
    }

    /// The flag of a local.
    pub(super) fn live(&self, local: LocalId) -> activation::Flag {
        activation::Flag::new(self.number(local), self.words())
    }

    /// The flag in the frame that tells whether a local holds a value.
    pub(crate) fn flag(&self, local: LocalId) -> Ident {
        format_ident!("{}_is_live", self.field(local), span = Span::mixed_site())
    }

    /// The variable of a pattern whose value moves into a slot, at a place in the user's program.
    pub(crate) fn incoming(&self, local: LocalId, span: Span) -> Ident {
        match self.is_in_block(local) {
            true => format_ident!("__new_{}", local.index(), span = span),
            false => format_ident!("{}__in", self.pointer(local, span)),
        }
    }
}

/// The type parameter for the type of a field: `a_b` and `a__b` get different ones.
fn parameter(field: &Ident, known: &mut HashSet<String>) -> Ident {
    let mut camel = camel_case(&field.to_string());
    while camel == "Self" || syn::parse_str::<Ident>(&camel).is_err() || known.contains(&camel) {
        camel.push('_');
    }
    known.insert(camel.clone());
    Ident::new(&camel, Span::mixed_site())
}

/// A hygienic name for a variable of the machine.
pub(super) fn variable(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}
