//! Which callee keeps the state of its caller.
//!
//! The frame of a coroutine has a byte for its state, of which most values are free. While it waits for
//! another coroutine, and for nothing else beside that, it can be told by the callee's byte: the
//! callee is there in one state only, and in each other state its byte takes one of the free values. So
//! a chain of callers needs one byte, and no padding around more of them.

use super::Overlay;
use crate::analysis::{Analysis, Suspension};
use crate::hir::{LocalId, LocalKind};
use crate::mir::{Body, Terminator};

/// A callee that keeps the state of its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sharing {
    /// What is awaited.
    pub callee: LocalId,
    /// The suspension at which it is.
    pub suspension: usize,
}

/// The callee that can keep the state: it is there at one suspension only, where it is awaited, and its
/// bytes are shared with nothing but arguments that are gone by the first suspension.
pub(super) fn find(body: &Body, analysis: &Analysis, root: &Overlay) -> Option<Sharing> {
    let suspensions = analysis.suspensions.iter().enumerate();
    let awaited =
        suspensions.filter_map(|(suspension, at)| match &body.blocks[at.block].terminator {
            Terminator::Await { future, .. } => Some(Sharing { callee: *future, suspension }),
            _ => None,
        });
    let is_saved =
        |local: LocalId| move |suspension: &&Suspension| suspension.saved.contains(local);
    let is_gone = |local: LocalId| {
        body.arguments.contains(&local)
            && !analysis.suspensions.iter().any(|s| s.saved.contains(local))
    };
    let can_keep = |sharing: &Sharing| {
        let Sharing { callee, suspension } = *sharing;
        let around = room_of(root, callee).map(Overlay::locals).unwrap_or_default();
        body.locals[callee].kind == LocalKind::Awaited
            && analysis.suspensions[suspension].filled.contains(callee)
            && analysis.suspensions.iter().filter(is_saved(callee)).count() == 1
            && !body.holders.iter().any(|(held, holder)| [held, holder].contains(&&callee))
            && !body.lent.iter().any(|(from, to)| [from, to].contains(&&callee))
            && around.contains(&callee)
            && around.into_iter().all(|local| local == callee || is_gone(local))
    };
    awaited.into_iter().find(can_keep)
}

/// The part of the frame that is the slot of a local, or the union that it is one of.
pub(crate) fn room_of(root: &Overlay, local: LocalId) -> Option<&Overlay> {
    let is_slot = |part: &Overlay| *part == Overlay::Slot(local);
    let is_room = |part: &Overlay| match part {
        Overlay::OneOf(parts) => parts.iter().any(is_slot),
        part => is_slot(part),
    };
    match root {
        part if is_room(part) => Some(part),
        Overlay::All(parts) => parts.iter().find(|part| is_room(part)),
        _ => None,
    }
}
