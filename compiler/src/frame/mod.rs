//! The frame: where each saved local is kept, and the states.

mod assign;
mod conflicts;
mod name;
mod pretty;
mod sharing;

use syn::Ident;

use crate::hir::LocalId;
use crate::index::IndexVec;
use crate::mir::{BlockId, Body, Source};

pub use assign::assign;
pub(crate) use name::camel_case;
pub use sharing::Sharing;
pub(crate) use sharing::room_of;

/// Where everything is.
#[derive(Debug)]
pub struct FrameLayout {
    /// The slots, as a tree.
    pub root: Overlay,
    /// The name of each local that is not kept in its block: a field of the frame or of the
    /// activation record, and a variable of the machine.
    pub names: IndexVec<LocalId, Option<Ident>>,
    /// The locals that live between blocks but not across a suspension, in order of declaration.
    pub activation: Vec<LocalId>,
    /// The saved locals of which, at some suspension, only a flag knows whether they hold a value.
    pub flags: Vec<LocalId>,
    /// What is awaited that keeps the state, if its type turns out to be a coroutine's.
    pub sharing: Option<Sharing>,
    /// The states, in the order in which their code stands: control goes to a later one directly, and to
    /// an earlier one through the loop around the step.
    pub states: Vec<State>,
}

/// Slots that are side by side, or share bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Overlay {
    /// The slot of one local.
    Slot(LocalId),
    /// All of these, side by side.
    All(Vec<Overlay>),
    /// One of these at a time.
    OneOf(Vec<Overlay>),
}

impl Overlay {
    /// How many slots are side by side at most.
    pub(crate) fn width(&self) -> usize {
        match self {
            Overlay::Slot(_) => 1,
            Overlay::All(parts) => parts.iter().map(Overlay::width).sum(),
            Overlay::OneOf(parts) => parts.iter().map(Overlay::width).max().unwrap_or_default(),
        }
    }
}

/// A state of the machine: a head of the graph.
#[derive(Debug)]
pub struct State {
    /// The block.
    pub block: BlockId,
    /// The name of the state.
    pub name: Ident,
    /// The suspension that it goes on after, if it is not internal.
    pub suspension: Option<usize>,
    /// Whether a later state, or it itself, goes on in it: a loop begins there.
    pub is_repeated: bool,
    /// What it is, for the reader of the generated code.
    pub source: Option<Source>,
}

impl FrameLayout {
    /// The states in which a frame can rest, in order of their numbers, after the three that every
    /// coroutine has.
    pub fn resting(&self) -> impl Iterator<Item = &State> {
        self.states.iter().filter(|state| state.suspension.is_some())
    }

    /// The states in which loops begin.
    pub fn loops(&self) -> impl Iterator<Item = &State> {
        self.states.iter().filter(|state| state.is_repeated)
    }

    /// The state of a block, if it is a head.
    pub fn state_of(&self, block: BlockId) -> Option<&State> {
        self.states.iter().find(|state| state.block == block)
    }

    /// Slots, overlays and states, as text.
    pub fn pretty(&self, body: &Body) -> String {
        pretty::pretty(self, body)
    }
}

impl Overlay {
    /// The locals whose slots are in here.
    pub fn locals(&self) -> Vec<LocalId> {
        match self {
            Overlay::Slot(local) => vec![*local],
            Overlay::All(parts) | Overlay::OneOf(parts) => {
                parts.iter().flat_map(Overlay::locals).collect()
            }
        }
    }
}
