//! Whether a local may get another value before it is used again.
//!
//! What a statement does in its branches and loops is not in order for the analyses: if it assigns to a
//! local and uses it, the local counts as used. So a call before it may consume the local all the same.

use std::collections::HashSet;

use crate::analysis;
use crate::hir::LocalId;
use crate::mir::{BlockId, Body, Statement};

/// Whether, after a statement, whatever uses a local next may give it a value first.
pub(super) fn may_be(body: &Body, (block, index): (BlockId, usize), local: LocalId) -> bool {
    let mut open = vec![(block, index + 1)];
    let statements = &body.blocks[block].statements;
    open.extend(statements.get(index).into_iter().flat_map(Statement::jumps).map(|to| (to, 0)));
    let mut seen = HashSet::new();
    let mut is_refilled = false;
    while let Some((block, first)) = open.pop() {
        if first == 0 && !seen.insert(block) {
            continue;
        }
        let found = &body.blocks[block];
        let next = found.statements.iter().skip(first).find(|statement| {
            open.extend(statement.jumps().into_iter().map(|to| (to, 0)));
            analysis::mentions(body, statement, local)
        });
        match next {
            Some(Statement::Declare(_) | Statement::Drop { .. }) => {}
            Some(statement) if analysis::fills(body, statement, local) => is_refilled = true,
            Some(_) => return false,
            None => {
                let code = found.terminator_code().into_iter();
                if code.flat_map(|code| analysis::named_by(body, code)).any(|id| id == local) {
                    return false;
                }
                open.extend(found.terminator.successors().into_iter().map(|to| (to, 0)));
            }
        }
    }
    is_refilled
}
