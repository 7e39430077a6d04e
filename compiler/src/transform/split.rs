//! Takes a local apart in a holder, which keeps what is left of it to the end of its scope.

use syn::Expr;

use super::hold::declare_beside;
use super::unspill::LastUse;
use crate::hir::{LocalId, bindings};
use crate::mir::{Arm, Block, BlockId, Body, Statement, Terminator, kept_by};

/// Replaces the `let` or the terminator that takes a local apart.
pub(super) fn split(body: &mut Body, last: LastUse) {
    let holder = body.temporary("rest");
    declare_beside(body, last.local, holder);
    body.holders.push((last.local, holder));
    let (place, arms) = match last.index < body.blocks[last.block].statements.len() {
        true => at_let(body, last.block, last.index),
        false => at_terminator(body, last.block),
    };
    for (arm, kept) in arms.iter().zip(kept_by(&place, holder, &arms)) {
        body.blocks[arm.target].statements.insert(0, Statement::Bound(kept));
    }
    body.blocks[last.block].terminator = Terminator::Split { place, holder, arms };
}

/// Ends the block at a `let`. What follows becomes another block.
pub(super) fn at_let(body: &mut Body, id: BlockId, index: usize) -> (Expr, Vec<Arm>) {
    let block = &mut body.blocks[id];
    let mut rest = block.statements.split_off(index);
    let Statement::Let { pat, value, .. } = rest.remove(0) else { unreachable!("it is a `let`") };
    let mut in_scope = block.in_scope.clone();
    block.statements.iter().for_each(|statement| follow(statement, &mut in_scope));
    in_scope.extend(bindings(&pat));
    let bound = bindings(&pat).into_iter().map(Statement::Bound);
    let statements = bound.chain(rest).collect();
    let terminator = std::mem::replace(&mut block.terminator, Terminator::Unreachable);
    let target = body.blocks.push(Block { statements, terminator, in_scope, is_join: false });
    (value, vec![Arm { pat, guard: None, target }])
}

/// Keeps the list of open scopes up to date.
fn follow(statement: &Statement, in_scope: &mut Vec<LocalId>) {
    match statement {
        Statement::Declare(local) | Statement::Bound(local) if !in_scope.contains(local) => {
            in_scope.push(*local);
        }
        Statement::Let { pat, .. } => in_scope.extend(bindings(pat)),
        Statement::Drop { local, .. } => in_scope.retain(|open| open != local),
        _ => {}
    }
}

fn at_terminator(body: &mut Body, block: BlockId) -> (Expr, Vec<Arm>) {
    let terminator = &mut body.blocks[block].terminator;
    match std::mem::replace(terminator, Terminator::Unreachable) {
        Terminator::Match { scrutinee, arms, .. } => (scrutinee, arms),
        Terminator::LetElse { pat, value, then, otherwise, .. } => {
            let wild = syn::parse_quote!(_);
            let arm = |pat, target| Arm { pat, guard: None, target };
            (value, vec![arm(pat, then), arm(wild, otherwise)])
        }
        _ => unreachable!("only these take something apart"),
    }
}
