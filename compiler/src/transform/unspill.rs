//! Lets rustc decide whether the last use of a saved local consumes it.
//!
//! In `x.finish()` the macro cannot see whether the method takes `x` by value. If `x` is an
//! ordinary variable, rustc knows. So where `x` is used for the last time, it becomes one:
//!
//! ```text
//! nothing suspends before the scope of x ends        something does
//!
//! x.finish()     let x = x; x.finish()               let y = x.finish()     hold y = x.finish()
//! drop x         drop x                              drop x                 drop the holder
//! ```
//!
//! A holder is a future that has run the call once and keeps what is left of `x` until it is
//! dropped: where `x` would be, or where `x` gets another value. In the middle of a statement only
//! a call can be held that is evaluated first. Any other must get a statement of its own: lowering
//! is asked to give its value a name.
//!
//! If there were references to `x`, the witness moves it as well, so that one which is used later is an
//! error. Where there may be one, and for methods that borrow by convention, `x` stays a place.
//!
//! A local of which parts may have been moved out by then stays a place, too. A call or a closure
//! that may take a part of a place is marked, see `parts`.
//!
//! A closure may capture just parts of a local, which is rustc's to decide as well.
//!
//! The same is done where a pattern takes a local apart and may leave something of it: a variable, or
//! a holder that keeps what is left.
//!
//! While it panics, rustc drops the variables of a block before the guard drops what is saved. So
//! a variable is followed by a guard of its own for what was declared after `x`, and so is the
//! variable in a holder.

use std::collections::HashSet;

use super::parts::{self, Parted};
use super::receivers::{Action, Receiver, code_of, taken_apart};
use super::{hold, split};
use crate::analysis::{self, Analysis, Home};
use crate::hir::{LocalId, LocalKind, Rename, as_local};
use crate::mir::{BlockId, Body, DropKind, Statement, Terminator, jumps_of};

/// What was done about last uses.
#[derive(Debug, Default)]
pub struct Unspilled {
    /// The uses, by their number, before whose statement the witness must move the variable too.
    pub moved: HashSet<usize>,
    /// The uses whose call needs a statement of its own.
    pub named: HashSet<usize>,
    /// Whether the graph is another one now, which its analysis does not describe.
    pub is_changed: bool,
}

/// A last use to change.
#[derive(Clone, Copy)]
pub(super) struct LastUse {
    pub(super) block: BlockId,
    pub(super) index: usize,
    pub(super) local: LocalId,
}

/// What becomes of a last use.
#[derive(Clone, Copy)]
enum Change {
    /// The local becomes a variable.
    Variable,
    /// The call runs in a holder.
    Hold,
    /// The local is taken apart in a holder.
    Split,
}

/// Changes all last uses where it can be done. Before the first change, `may_mark`, only what may take
/// parts of locals is marked, if there is any. The uses in `named` have got a statement of their own as far
/// as that can be done.
pub fn unspill(
    body: &mut Body,
    analysis: &Analysis,
    may_mark: bool,
    named: &HashSet<usize>,
) -> Unspilled {
    let mut unspilled = Unspilled::default();
    let (mut changes, mut parted) = (Vec::new(), Vec::new());
    for block in body.reachable() {
        for index in 0..=body.blocks[block].statements.len() {
            let at = (block, index);
            choose(body, analysis, at, &mut changes, (&mut parted, &mut unspilled, named));
        }
    }
    // What is in a part is another question then, before anything moves.
    if may_mark && parts::mark_all(body, &parted) {
        return Unspilled { is_changed: true, ..Unspilled::default() };
    }
    let known = body.holders.len();
    unspilled.is_changed = !changes.is_empty();
    for (last, change) in changes.into_iter().rev() {
        match change {
            Change::Variable => move_back(body, last),
            Change::Hold => hold::hold(body, last),
            Change::Split => split::split(body, last),
        }
    }
    let holders = body.holders[known..].to_vec();
    hold::drop_holders(body, &holders);
    unspilled
}

/// Decides what to do about the last uses in a statement, or in the terminator.
fn choose(
    body: &mut Body,
    analysis: &Analysis,
    (block, index): (BlockId, usize),
    changes: &mut Vec<(LastUse, Change)>,
    (parted, unspilled, named): (&mut Vec<Parted>, &mut Unspilled, &HashSet<usize>),
) {
    let is_named =
        |receiver: &Receiver| receiver.occurrence.is_some_and(|use_| named.contains(&use_));
    let mut receivers =
        code_of(&mut body.blocks[block], index).map_or_else(Vec::new, |mut code| code.receivers());
    receivers.retain(|receiver| is_opaque(body, receiver));
    let taken_apart = taken_apart(body, block, index);
    receivers.extend(taken_apart);
    let calls = receivers.iter().filter(|receiver| receiver.action != Action::Part).count();
    let has_blocks =
        code_of(&mut body.blocks[block], index).is_some_and(|mut code| code.has_blocks());
    let mut seen: Vec<LocalId> = Vec::new();
    let mut moved: Vec<LastUse> = Vec::new();
    let mut is_holding = false;
    for receiver in receivers.iter().rev() {
        let local = receiver.local;
        if seen.contains(&local) {
            continue;
        }
        if !is_last_use(body, analysis, (block, index), local, has_blocks) {
            leave(body, analysis, (block, index), receiver, (&mut *parted, &mut *unspilled, named));
            continue;
        }
        let is_whole = !receiver.is_field && receiver.action == Action::Call;
        if !is_whole && analysis.parts.may_be_taken(body, (block, index), local) {
            parted.extend(parts::marked(body, analysis, (block, index), receiver));
            continue;
        }
        seen.push(local);
        if matches!(body.blocks[block].statements.get(index), Some(Statement::Hold { .. })) {
            unspilled.named.extend(receiver.occurrence);
            continue;
        }
        let was_borrowed = analysis.borrowed.before(block, index).contains(local);
        let use_in_witness = receiver.occurrence.filter(|_| was_borrowed);
        let last = LastUse { block, index, local };
        if receiver.borrows && was_borrowed {
            continue;
        }
        if ends_here(body, block, index, local) && !was_moved(body, local) {
            moved.push(last);
            unspilled.moved.extend(use_in_witness);
        } else if receiver.borrows {
            continue;
        } else if taken_apart.is_some_and(|taken| taken.local == local) {
            if has_leaving_guard(body, block, index) {
                leave(body, analysis, (block, index), receiver, (parted, unspilled, named));
                continue;
            }
            changes.push((last, Change::Split));
            unspilled.moved.extend(use_in_witness);
            is_holding = true;
        } else if receiver.action == Action::Part {
            continue;
        } else if receiver.action == Action::Match {
            match parts::marked(body, analysis, (block, index), receiver) {
                Some(marked) if is_named(receiver) => parted.push(marked),
                _ => unspilled.named.extend(receiver.occurrence),
            }
        } else if !is_holding && calls == 1 && hold::can_hold(body, last) {
            is_holding = true;
            changes.push((last, Change::Hold));
            unspilled.moved.extend(use_in_witness);
        } else {
            let same = |other: &&Receiver| other.local == local;
            unspilled.named.extend(receivers.iter().filter(same).filter_map(|r| r.occurrence));
        }
    }
    name_reassigned(body, analysis, (block, index), unspilled);
    let before_held = changes.len() - usize::from(is_holding);
    changes.splice(before_held..before_held, as_variables(body, moved));
}

/// The last uses whose locals become variables, in the order of their declarations.
fn as_variables(body: &Body, mut moved: Vec<LastUse>) -> Vec<(LastUse, Change)> {
    let position = |id: LocalId| body.declared.iter().position(|declared| *declared == id);
    moved.sort_by_key(|last| position(last.local));
    moved.into_iter().map(|last| (last, Change::Variable)).collect()
}

/// What is done about a use that is not the last one of its local.
fn leave(
    body: &Body,
    analysis: &Analysis,
    (block, index): (BlockId, usize),
    receiver: &Receiver,
    (parted, unspilled, named): (&mut Vec<Parted>, &mut Unspilled, &HashSet<usize>),
) {
    let is_named = receiver.occurrence.is_some_and(|use_| named.contains(&use_));
    let is_after_jump = is_read_after_jump(body, analysis, (block, index), receiver.local)
        || is_left_behind(body, analysis, receiver);
    if !receiver.borrows && is_after_jump && !is_named {
        unspilled.named.extend(receiver.occurrence);
    } else {
        parted.extend(parts::marked(body, analysis, (block, index), receiver));
    }
}

/// Gives calls whose receiver gets their result, inside of a statement, statements of their own: the
/// receiver is used for the last time there.
fn name_reassigned(
    body: &mut Body,
    analysis: &Analysis,
    (block, index): (BlockId, usize),
    unspilled: &mut Unspilled,
) {
    let code = code_of(&mut body.blocks[block], index);
    let reassigned = code.map_or_else(Vec::new, |mut code| code.reassigned());
    for receiver in reassigned {
        let (local, declared) = (receiver.local, &body.locals[receiver.local]);
        let is_kept =
            analysis.homes[local] != Home::Block && !declared.is_copy && !declared.is_plain;
        if is_kept && !receiver.borrows && !is_assigned(body, LastUse { block, index, local }) {
            unspilled.named.extend(receiver.occurrence);
        }
    }
}

/// Whether no analysis knows what a use does: parts of variables have marks, but not those of
/// temporaries.
fn is_opaque(body: &Body, receiver: &Receiver) -> bool {
    receiver.action != Action::Part || body.locals[receiver.local].kind == LocalKind::Temporary
}

/// Whether nothing uses a local after a statement. In a statement with blocks in it what looks like a copy
/// counts as a reference: the witness would move the local in the block.
fn is_last_use(
    body: &Body,
    analysis: &Analysis,
    (block, index): (BlockId, usize),
    local: LocalId,
    has_blocks: bool,
) -> bool {
    let declared = &body.locals[local];
    analysis.homes[local] != Home::Block
        && !declared.is_copy
        && !declared.is_plain
        && declared.kind != LocalKind::Awaited
        && (is_assigned(body, LastUse { block, index, local })
            || !analysis.is_live_after(body, block, index, local))
        && !analysis.is_referenced(body, (block, index), local, has_blocks)
}

/// Whether a local is used for the last time in a statement, if that does not jump away: a call in
/// a statement of its own does not.
fn is_read_after_jump(
    body: &Body,
    analysis: &Analysis,
    (block, index): (BlockId, usize),
    local: LocalId,
) -> bool {
    let jumps = body.blocks[block].statements.get(index).is_some_and(|it| !it.jumps().is_empty());
    jumps
        && analysis.homes[local] != Home::Block
        && !body.locals[local].is_copy
        && !body.locals[local].is_plain
        && !analysis.is_live_behind(body, block, index, local)
}

/// Whether a call is the last thing that is done with a local before control leaves the function.
fn is_left_behind(body: &Body, analysis: &Analysis, receiver: &Receiver) -> bool {
    let declared = &body.locals[receiver.local];
    receiver.leaves
        && receiver.action == Action::Call
        && analysis.homes[receiver.local] != Home::Block
        && matches!(declared.kind, LocalKind::Argument | LocalKind::Binding)
        && !declared.is_copy
        && !declared.is_plain
}

/// Whether a statement is an assignment to a local.
pub(super) fn is_assigned(body: &Body, last: LastUse) -> bool {
    match body.blocks[last.block].statements.get(last.index) {
        Some(Statement::Eval(syn::Stmt::Expr(syn::Expr::Assign(assign), _))) => {
            as_local(&assign.left) == Some(last.local)
        }
        _ => false,
    }
}

/// Whether the scope of a local ends in the same block, after a statement, and it gets no other
/// value before. No jump leads to where it is still in scope.
fn ends_here(body: &Body, block: BlockId, index: usize, local: LocalId) -> bool {
    let statements = &body.blocks[block].statements;
    let terminator = &body.blocks[block].terminator;
    let rest = statements.get(index..).unwrap_or_default();
    if rest.iter().any(|statement| analysis::fills(body, statement, local)) {
        return false;
    }
    let at_end = body.blocks[block].terminator_code().into_iter().flat_map(jumps_of);
    let mut jumps = rest.iter().flat_map(Statement::jumps).chain(at_end);
    if jumps.any(|target| body.blocks[target].in_scope.contains(&local)) {
        return false;
    }
    matches!(terminator, Terminator::Return { .. } | Terminator::Unreachable)
        || rest.iter().skip(1).any(|statement| is_end(statement, local))
}

/// Whether control may leave the function, or the match, in a guard of the match at the end of a block: it
/// cannot leave a holder.
fn has_leaving_guard(body: &Body, block: BlockId, index: usize) -> bool {
    let block = &body.blocks[block];
    match &block.terminator {
        Terminator::Match { arms, .. } if index == block.statements.len() => {
            arms.iter().filter_map(|arm| arm.guard.as_ref()).any(|guard| !hold::stays(guard))
        }
        _ => false,
    }
}

/// Whether a local is a variable that another one was moved to, and did not stay one.
fn was_moved(body: &Body, local: LocalId) -> bool {
    let mut statements = body.blocks.iter().flat_map(|block| &block.statements);
    statements.any(|it| matches!(it, Statement::Later { variable, .. } if *variable == local))
}

fn is_end(statement: &Statement, local: LocalId) -> bool {
    matches!(statement, Statement::Drop { local: ended, .. } if *ended == local)
}

/// Makes the local a variable of the block from the statement on.
///
/// Other variables may have been moved before the same statement already.
fn move_back(body: &mut Body, last: LastUse) {
    let LastUse { block, index, local } = last;
    let variable = body.variable_like(local);
    let position = body.declared.iter().position(|id| *id == local).expect("it is declared");
    body.declared.insert(position + 1, variable);
    let unique = |id: LocalId| body.locals[id].unique(id, body.locals[id].name.span());
    let (old, new) = (unique(local), unique(variable));
    let block = &mut body.blocks[block];
    let is_moved = |statement: &Statement| {
        matches!(statement, Statement::Let { pat: syn::Pat::Ident(_), value, .. } if as_local(value).is_some())
            || matches!(statement, Statement::Later { .. })
    };
    let moved = block.statements[index..].iter().take_while(|s| is_moved(s)).count();
    if let Some(mut code) = code_of(block, index + moved) {
        code.visit(&mut Rename::new(local, new.clone()));
    }
    let end = block.statements.iter().skip(index).position(|statement| is_end(statement, local));
    if let Some(end) = end {
        let drop = Statement::Drop { local: variable, kind: DropKind::Unknown };
        block.statements.insert(index + end, drop);
    }
    let attributes = Vec::new();
    let (pat, value) = (syn::parse_quote!(mut #new), syn::parse_quote!(#old));
    block.statements.insert(index, Statement::Later { local, variable });
    block.statements.insert(index, Statement::Let { attributes, pat, ty: None, value });
}
