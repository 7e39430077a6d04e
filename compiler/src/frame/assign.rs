//! Saved locals to slots.
//!
//! No sizes are known here, so the layout must be good for all of them. If no local of one part
//! conflicts with a local of the other, the parts share bytes; if all conflict with all, they are
//! side by side. Applied again to each part this takes most conflict graphs apart completely: they
//! are cographs, as lifetimes that nest like scopes give. Where neither holds, the local with the
//! most conflicts is put beside all others, which is never wrong; or a local and its holder, which
//! share bytes, are made to conflict with the same others, if that needs fewer slots.

use super::conflicts::{self, Conflicts};
use super::{FrameLayout, Overlay, name, sharing};
use crate::analysis::{Analysis, Home};
use crate::hir::{LocalId, LocalKind};
use crate::mir::Body;

/// Decides where each saved local is kept.
pub fn assign(body: &Body, analysis: &Analysis) -> FrameLayout {
    let conflicts = conflicts::compute(body, analysis);
    let in_home = |home: Home| {
        let locals = body.declared.iter().copied();
        let mut locals: Vec<LocalId> = locals.filter(|id| analysis.homes[*id] == home).collect();
        locals.dedup();
        locals
    };
    let has_slot = |local: &LocalId| body.kept_in(*local) == *local;
    let saved = in_home(Home::Frame);
    let slots: Vec<LocalId> = saved.iter().copied().filter(has_slot).collect();
    let activation = in_home(Home::Activation).into_iter().filter(has_slot).collect();
    let is_flagged = |local: &LocalId| {
        analysis.suspensions.iter().any(|suspension| suspension.flagged.contains(*local))
    };
    let root = beside_the_state(slots, &conflicts, (body, analysis));
    FrameLayout {
        sharing: sharing::find(body, analysis, &root),
        root,
        names: name::locals(body, analysis),
        activation,
        flags: saved.into_iter().filter(is_flagged).collect(),
        states: name::states(body, analysis),
    }
}

/// Small numbers beside the state, as far as its padding may go, and not in front of a callee that shares
/// bytes: there their padding would cost more than they take. Arguments that no suspension saves stay.
fn beside_the_state(
    slots: Vec<LocalId>,
    conflicts: &Conflicts,
    (body, analysis): (&Body, &Analysis),
) -> Overlay {
    const PADDING: usize = 7;
    let whole = overlay(slots.clone(), conflicts, body);
    let is_alone = |local: &LocalId| match &whole {
        Overlay::All(parts) => parts.contains(&Overlay::Slot(*local)),
        whole => *whole == Overlay::Slot(*local),
    };
    let is_saved = |local| analysis.suspensions.iter().any(|s| s.saved.contains(local));
    let small = |local| body.locals[local].small_size().filter(|_| is_saved(local));
    let mut taken: usize = slots.iter().filter(|id| is_alone(id)).filter_map(|id| small(*id)).sum();
    let mut beside = Vec::new();
    for local in slots.iter().copied().filter(|local| !is_alone(local)) {
        if let Some(size) = small(local).filter(|size| taken + size <= PADDING) {
            taken += size;
            beside.push(local);
        }
    }
    let has_callee = slots.iter().any(|id| body.locals[*id].kind == LocalKind::Awaited);
    if beside.is_empty() || !has_callee {
        return whole;
    }
    let rest = slots.into_iter().filter(|local| !beside.contains(local)).collect();
    let mut parts: Vec<Overlay> = beside.iter().copied().map(Overlay::Slot).collect();
    match overlay(rest, conflicts, body) {
        Overlay::All(more) => parts.extend(more),
        part => parts.push(part),
    }
    Overlay::All(parts)
}

/// Splits locals into parts that are side by side or share bytes.
fn overlay(locals: Vec<LocalId>, conflicts: &Conflicts, body: &Body) -> Overlay {
    if let [local] = locals[..] {
        return Overlay::Slot(local);
    }
    let conflict = |a: LocalId, b: LocalId| conflicts[a].contains(b);
    let apart = components(&locals, |a, b| !conflict(a, b));
    if apart.len() != 1 {
        let parts = apart.into_iter().map(|part| overlay(part, conflicts, body));
        return Overlay::All(parts.collect());
    }
    let together = components(&locals, conflict);
    if together.len() != 1 {
        let parts = together.into_iter().map(|part| overlay(part, conflicts, body));
        return Overlay::OneOf(parts.collect());
    }
    let beside = beside_the_busiest(&locals, conflicts, body);
    match with_twins(&locals, conflicts, &body.holders) {
        Some(twins) => {
            let overlay = overlay(locals, &twins, body);
            if overlay.width() < beside.width() { overlay } else { beside }
        }
        None => beside,
    }
}

/// The local with the most conflicts beside all others: of several the smallest, as that is by what this
/// may be too large.
fn beside_the_busiest(locals: &[LocalId], conflicts: &Conflicts, body: &Body) -> Overlay {
    let conflict = |a: LocalId, b: LocalId| conflicts[a].contains(b);
    let degree = |local: &LocalId| locals.iter().filter(|other| conflict(*local, **other)).count();
    let is_small =
        |local: &LocalId| (body.locals[*local].is_small(), body.locals[*local].is_number);
    let key = |local: &&LocalId| (degree(local), is_small(local));
    let busiest = *locals.iter().max_by_key(key).expect("there are several");
    let rest = locals.iter().copied().filter(|local| *local != busiest).collect();
    let mut parts = vec![Overlay::Slot(busiest)];
    match overlay(rest, conflicts, body) {
        Overlay::All(more) => parts.extend(more),
        part => parts.push(part),
    }
    Overlay::All(parts)
}

/// Conflicts in which a local and its holder have the same ones, if that is a change.
fn with_twins(
    locals: &[LocalId],
    conflicts: &Conflicts,
    holders: &[(LocalId, LocalId)],
) -> Option<Conflicts> {
    let mut changed = conflicts.clone();
    for (local, holder) in holders.iter().filter(|(a, b)| locals.contains(a) && locals.contains(b))
    {
        for other in locals {
            let is_twin = other == local || other == holder;
            let either = changed[*local].contains(*other) || changed[*holder].contains(*other);
            if !is_twin && either {
                for (a, b) in [(*local, *other), (*holder, *other)] {
                    changed[a].insert(b);
                    changed[b].insert(a);
                }
            }
        }
    }
    let is_changed = locals.iter().any(|local| changed[*local] != conflicts[*local]);
    is_changed.then_some(changed)
}

/// The connected components under a relation, each in order of declaration.
fn components(
    locals: &[LocalId],
    is_related: impl Fn(LocalId, LocalId) -> bool,
) -> Vec<Vec<LocalId>> {
    let mut left: Vec<LocalId> = locals.to_vec();
    let mut parts = Vec::new();
    while !left.is_empty() {
        let mut part = vec![left.remove(0)];
        let mut next = 0;
        while next < part.len() {
            let (related, others) = left.into_iter().partition(|id| is_related(part[next], *id));
            left = others;
            let related: Vec<LocalId> = related;
            part.extend(related);
            next += 1;
        }
        part.sort_by_key(|local| locals.iter().position(|id| id == local));
        parts.push(part);
    }
    parts
}
