//! Which saved locals need their bytes at the same time.

use crate::analysis::{Analysis, Home, Walk};
use crate::hir::LocalId;
use crate::index::{Id, IdSet, IndexVec};
use crate::mir::Body;

/// For each local the locals that it must not share bytes with.
pub(super) type Conflicts = IndexVec<LocalId, IdSet<LocalId>>;

/// Computes the conflicts between the locals that are kept in the frame. A value is in its local or in
/// one of the holders of that, never in two of them.
pub(super) fn compute(body: &Body, analysis: &Analysis) -> Conflicts {
    let count = body.locals.len();
    let mut conflicts = IndexVec::filled(count, IdSet::new(count));
    let mut together = |locals: &IdSet<LocalId>| {
        let saved = |id: &LocalId| analysis.homes[*id] == Home::Frame;
        let locals: Vec<LocalId> =
            locals.iter().filter(|id| id.index() < count).filter(saved).collect();
        for one in &locals {
            for other in locals.iter().filter(|other| *other != one) {
                conflicts[*one].insert(*other);
            }
        }
    };
    let mut arguments = IdSet::new(count);
    body.arguments.iter().for_each(|argument| {
        arguments.insert(*argument);
    });
    together(&arguments);
    for block in body.reachable() {
        Walk::new(body, analysis, block).for_each_point(&mut together);
    }
    for (local, holder) in &body.holders {
        let others = body.holders.iter().filter(|(held, _)| held == local).map(|(_, other)| other);
        for other in others.chain([local]) {
            conflicts[*other].remove(*holder);
            conflicts[*holder].remove(*other);
        }
    }
    conflicts
}
