//! Decides for each end of a scope whether its local holds a value there: always, never, or only
//! its flag knows.

use crate::analysis::{Analysis, Home};
use crate::mir::{Body, DropKind, Statement};

/// Fills in the kind of every drop.
pub fn elaborate_drops(body: &mut Body, analysis: &Analysis) {
    for id in body.reachable() {
        let count = body.blocks[id].statements.len();
        for index in 0..count {
            let Statement::Drop { local, .. } = body.blocks[id].statements[index] else { continue };
            let state = analysis.init.before(id, index, local);
            let is_elsewhere = analysis.homes[local] == Home::Block;
            let found = match (state.maybe_filled, state.maybe_empty) {
                _ if body.locals[local].is_plain || is_elsewhere => DropKind::Never,
                (false, _) => DropKind::Never,
                (true, false) => DropKind::Always,
                (true, true) => DropKind::Flagged,
            };
            if let Statement::Drop { kind, .. } = &mut body.blocks[id].statements[index] {
                *kind = found;
            }
        }
    }
}
