//! Where each local is kept: in the frame, in the activation record of one resume, or in its block.

use super::events::Event;
use super::{Analysis, Suspension};
use crate::hir::destructure::{self, Takes};
use crate::hir::{LocalId, LocalKind, bindings, expression_leaves_temporaries};
use crate::index::{IdSet, IndexVec};
use crate::mir::{Block, BlockId, Body, Statement, Terminator, Until};

/// Where a local is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home {
    /// It is an ordinary variable of its block.
    Block,
    /// It lives between blocks, but not across a suspension.
    Activation,
    /// It lives across a suspension.
    Frame,
}

/// Finds what each suspension must save.
pub(super) fn find_suspensions(body: &Body, analysis: &mut Analysis) {
    for block in analysis.events.clone().reachable().iter().copied() {
        let terminator = &body.blocks[block].terminator;
        if !terminator.is_suspension() || !analysis.init.is_reached(block) {
            continue;
        }
        let resume = terminator.successors()[0];
        let count = body.locals.len();
        let mut suspension = Suspension {
            block,
            resume,
            saved: IdSet::new(count),
            filled: IdSet::new(count),
            flagged: IdSet::new(count),
        };
        for local in crossing(body, analysis, block, resume) {
            suspension.saved.insert(local);
            let state = analysis.init.at_end(block, local);
            match (state.maybe_filled && !body.locals[local].is_plain, state.maybe_empty) {
                (false, _) => {}
                (true, false) => {
                    suspension.filled.insert(local);
                }
                (true, true) => {
                    suspension.flagged.insert(local);
                }
            }
        }
        analysis.suspensions.push(suspension);
    }
}

/// The locals that must be kept along an edge: read later, borrowed, or dropped later.
fn crossing(body: &Body, analysis: &Analysis, from: BlockId, to: BlockId) -> Vec<LocalId> {
    let end = analysis.events.end(from) + 1;
    let Some(filled) = analysis.init.filled_before(from, end) else { return Vec::new() };
    let borrowed = &analysis.borrowed.end[from];
    let needed = analysis.needed(body, &analysis.live[to], borrowed, &filled);
    body.blocks[to].in_scope.iter().copied().filter(|local| needed.contains(*local)).collect()
}

/// Decides where each local is kept.
pub(super) fn assign(body: &Body, analysis: &mut Analysis) {
    if body.prologue.is_some() {
        for argument in &body.arguments {
            analysis.homes[*argument] = Home::Frame;
        }
        return;
    }
    let heads = body.heads();
    for id in analysis.events.clone().reachable().iter().copied() {
        for target in body.blocks[id].terminator.successors() {
            if heads.contains(target) {
                for local in crossing(body, analysis, id, target) {
                    analysis.homes[local] = Home::Activation;
                }
            }
        }
    }
    for local in used_in_several_regions(body, analysis) {
        analysis.homes[local] = Home::Activation;
    }
    for suspension in &analysis.suspensions {
        for local in suspension.saved.iter() {
            analysis.homes[local] = Home::Frame;
        }
    }
    for argument in &body.arguments {
        analysis.homes[*argument] = Home::Frame;
    }
    let split = body.blocks.ids().flat_map(|block| split_by(body, analysis, block));
    for local in split.collect::<Vec<_>>() {
        if analysis.homes[local] == Home::Block {
            analysis.homes[local] = Home::Activation;
        }
    }
    for local in rests_of_patterns(body).into_iter().chain(hidden(body)) {
        if analysis.homes[local] == Home::Block {
            analysis.homes[local] = Home::Activation;
        }
    }
    let declared = declaring_blocks(body);
    for (id, block) in body.blocks.iter_enumerated() {
        for (index, statement) in block.statements.iter().enumerate() {
            let pointed_to = match statement {
                Statement::Hold { .. } => pointed_to_by_holder(body, analysis, (id, index)),
                Statement::DropIn2024(local) => vec![*local],
                Statement::Tail(locals) => {
                    locals.iter().copied().filter(|local| declared[*local] != Some(id)).collect()
                }
                _ => continue,
            };
            for local in pointed_to {
                if analysis.homes[local] == Home::Block {
                    analysis.homes[local] = Home::Activation;
                }
            }
        }
    }
    keep_lent(body, analysis);
    while let Some(local) = find_late_drop(body, analysis)
        .or_else(|| find_early_drop(body, analysis))
        .or_else(|| find_late_drop_in_panic(body, analysis))
    {
        analysis.homes[local] = Home::Activation;
        keep_lent(body, analysis);
    }
}

/// A receiver that waits is kept where it was.
pub(super) fn keep_lent(body: &Body, analysis: &mut Analysis) {
    for (receiver, operand) in &body.lent {
        analysis.homes[*operand] = analysis.homes[*receiver];
    }
}

/// The locals bound to what a pattern leaves, if they are to be dropped in another order than the
/// variables of the pattern are.
fn rests_of_patterns(body: &Body) -> Vec<LocalId> {
    let arms = body.blocks.iter().flat_map(|block| match &block.terminator {
        Terminator::Match { arms, .. } => &arms[..],
        _ => &[],
    });
    let rests = arms.flat_map(|arm| {
        let own = bindings(&arm.pat);
        let statements = body.blocks[arm.target].statements.iter();
        let bound = statements.filter_map(|statement| match statement {
            Statement::Bound(local) if own.contains(local) => Some(local),
            _ => None,
        });
        let is_in_order = bound.eq(&own);
        let is_rest = |local: &LocalId| body.locals[*local].kind == LocalKind::Temporary;
        own.into_iter().filter(move |local| !is_in_order && is_rest(local))
    });
    rests.collect()
}

/// The locals that are declared before they get a value, and have the name of one that is declared later:
/// in a block that would hide them from what gives them their value.
fn hidden(body: &Body) -> impl Iterator<Item = LocalId> {
    let statements = body.blocks.iter().flat_map(|block| &block.statements);
    let early = statements.filter_map(|statement| match statement {
        Statement::Declare(local) if body.locals[*local].kind != LocalKind::Temporary => {
            Some(*local)
        }
        _ => None,
    });
    early.filter(|early| {
        let mut later = body.declared.iter().skip_while(|local| *local != early).skip(1);
        let name = &body.locals[*early].name;
        later.any(|local| body.locals[*local].name == *name)
    })
}

/// The locals to which a holder's code has pointers: all that it names.
fn pointed_to_by_holder(
    body: &Body,
    analysis: &Analysis,
    (block, index): (BlockId, usize),
) -> Vec<LocalId> {
    let steps = analysis.events.at(block, index).iter();
    steps.map(|(local, ..)| *local).filter(|local| body.declared.contains(local)).collect()
}

/// The locals that a holder reads or writes through pointers when it takes a value apart.
fn split_by(body: &Body, analysis: &Analysis, block: BlockId) -> Vec<LocalId> {
    let Terminator::Split { holder, arms, .. } = &body.blocks[block].terminator else {
        return Vec::new();
    };
    let mentioned = analysis.events.of_end(block).iter().map(|(local, ..)| *local);
    let bound = arms.iter().flat_map(|arm| bindings(&arm.pat));
    mentioned.chain(bound).chain([*holder]).collect()
}

/// The locals that code in several states names: they cannot be variables of one of them, even if
/// no value passes from one to the other. The same is true of those that only get a value there.
fn used_in_several_regions(body: &Body, analysis: &Analysis) -> Vec<LocalId> {
    let regions = body.regions();
    let declared = declaring_blocks(body);
    let mut used: IndexVec<LocalId, Option<BlockId>> = IndexVec::filled(body.locals.len(), None);
    let mut several = Vec::new();
    let events = &analysis.events;
    for id in events.reachable().iter().copied() {
        for (index, statement) in body.blocks[id].statements.iter().enumerate() {
            if let Statement::Eval(_) = statement {
                let is_elsewhere =
                    |local: &LocalId| declared[*local].is_some_and(|at| regions[at] != regions[id]);
                several.extend(events.filled_by(id, index).filter(is_elsewhere));
            }
        }
        for (local, event, _) in (0..=events.end(id)).flat_map(|index| events.at(id, index)) {
            if *event != Event::Clear && *used[*local].get_or_insert(regions[id]) != regions[id] {
                several.push(*local);
            }
        }
    }
    several
}

/// A local of a block that rustc would drop too early in a panic: one that may hold a value while a
/// local that was declared later, and is not kept in its block, gets one, or has one while
/// another is dropped.
fn find_early_drop(body: &Body, analysis: &Analysis) -> Option<LocalId> {
    let position = |id: LocalId| body.declared.iter().position(|declared| *declared == id);
    let moved = moved_to_variables(body);
    for id in analysis.events.reachable().iter().copied() {
        for (index, statement) in body.blocks[id].statements.iter().enumerate() {
            let Some(filled) = analysis.init.filled_before(id, index) else { continue };
            let later: Vec<LocalId> = match statement {
                Statement::Drop { local, .. } if filled.contains(*local) => {
                    filled.iter().filter(|other| other != local).collect()
                }
                Statement::Drop { .. } => continue,
                _ => analysis.events.filled_by(id, index).collect(),
            };
            for later in later {
                if analysis.homes[later] == Home::Block || body.locals[later].is_plain {
                    continue;
                }
                let is_early = |local: &LocalId| {
                    analysis.homes[*local] == Home::Block
                        && !body.locals[*local].is_plain
                        && !moved.contains(*local)
                        && position(*local).is_some()
                        && position(*local) < position(later)
                };
                if let Some(local) = filled.iter().find(is_early) {
                    return Some(local);
                }
            }
            let early = fills_early(body, analysis, (id, index), &filled);
            if let Some(local) = early.filter(|local| !moved.contains(*local)) {
                return Some(local);
            }
        }
        if let Some(local) = binds_early(body, analysis, id) {
            return Some(local);
        }
    }
    None
}

/// A local of a block that a `let` with `else` binds while a temporary that is not kept in its block has
/// a value, and what the pattern leaves is dropped.
fn binds_early(body: &Body, analysis: &Analysis, block: BlockId) -> Option<LocalId> {
    let Terminator::LetElse { pat, value, .. } = &body.blocks[block].terminator else {
        return None;
    };
    if destructure::takes(pat) != Takes::Part && !expression_leaves_temporaries(value) {
        return None;
    }
    let position = |id: LocalId| body.declared.iter().position(|declared| *declared == id);
    let filled = analysis.init.filled_before(block, analysis.events.end(block) + 1)?;
    let is_kept =
        |local: &LocalId| analysis.homes[*local] != Home::Block && !body.locals[*local].is_plain;
    let last = filled.iter().filter(is_kept).filter_map(position).max()?;
    bindings(pat).into_iter().find(|local| {
        let is_in_block = analysis.homes[*local] == Home::Block && !body.locals[*local].is_plain;
        is_in_block && position(*local).is_some_and(|position| position < last)
    })
}

/// A local of a block that gets its value while one that was declared later, and is not kept in its
/// block, has one: an argument, or a temporary while its own statement drops what it leaves.
fn fills_early(
    body: &Body,
    analysis: &Analysis,
    (block, index): (BlockId, usize),
    filled: &IdSet<LocalId>,
) -> Option<LocalId> {
    let position = |id: LocalId| body.declared.iter().position(|declared| *declared == id);
    let leaves_rest = match &body.blocks[block].statements[index] {
        Statement::Let { pat, value, .. } => {
            destructure::takes(pat) == Takes::Part || expression_leaves_temporaries(value)
        }
        Statement::Init { value, .. } => expression_leaves_temporaries(value),
        _ => false,
    };
    let is_later = |local: &LocalId| {
        let declared = &body.locals[*local];
        (leaves_rest || declared.kind == LocalKind::Argument)
            && analysis.homes[*local] != Home::Block
            && !declared.is_plain
    };
    let later: Vec<LocalId> = filled.iter().filter(is_later).collect();
    let is_early = |local: &LocalId| {
        analysis.homes[*local] == Home::Block
            && !body.locals[*local].is_plain
            && position(*local).is_some()
            && later.iter().any(|later| position(*local) < position(*later))
    };
    analysis.events.filled_by(block, index).find(is_early)
}

/// The variables that locals have moved to, which have a guard of their own.
fn moved_to_variables(body: &Body) -> IdSet<LocalId> {
    let mut moved = IdSet::new(body.locals.len());
    for statement in body.blocks.iter().flat_map(|block| &block.statements) {
        if let Statement::Later { variable, .. } = statement {
            moved.insert(*variable);
        }
    }
    moved
}

/// A local of a block that would be dropped too late if the code in a holder panics, or the code that
/// uses a moved variable: one that was declared after the receiver, or after that variable.
fn find_late_drop_in_panic(body: &Body, analysis: &Analysis) -> Option<LocalId> {
    let position = |id: LocalId| body.declared.iter().position(|declared| *declared == id);
    let (moved, regions) = (moved_to_variables(body), body.regions());
    for id in analysis.events.reachable().iter().copied() {
        for (index, statement) in body.blocks[id].statements.iter().enumerate() {
            // The variable that a local moved to gets its value in the statement before `Later`.
            let (held, before, ends) = match statement {
                Statement::Hold { holder, until: Until::StatementEnd, .. } => (holder, index, true),
                Statement::Hold { moves, until: Until::ScopeEnd, .. } => match moves.first() {
                    Some((held, _)) => (held, index, false),
                    None => continue,
                },
                Statement::Later { local, .. } => (local, index - 1, false),
                _ => continue,
            };
            let Some(filled) = analysis.init.filled_before(id, before) else { continue };
            let is_late = |local: &LocalId| {
                analysis.homes[*local] == Home::Block
                    && !body.locals[*local].is_plain
                    && position(*local) > position(*held)
            };
            let open = open_before(&body.blocks[id], before).into_iter();
            let filled_later = open
                .filter(|local| !moved.contains(*local))
                .filter(|local| !ends && is_filled_later(analysis, &regions, (id, before), *local));
            if let Some(local) = filled.iter().chain(filled_later).find(is_late) {
                return Some(local);
            }
        }
    }
    None
}

/// The locals that were declared before a statement of a block and whose scope does not end before
/// it.
fn open_before(block: &Block, index: usize) -> Vec<LocalId> {
    let mut open = block.in_scope.clone();
    for statement in &block.statements[..index] {
        match statement {
            Statement::Declare(local) => open.push(*local),
            Statement::Drop { local, .. } => open.retain(|id| id != local),
            _ => {}
        }
    }
    open
}

/// Whether a local gets a value in the same state as a statement, and not before it in its block.
fn is_filled_later(
    analysis: &Analysis,
    regions: &IndexVec<BlockId, BlockId>,
    (id, index): (BlockId, usize),
    local: LocalId,
) -> bool {
    let events = &analysis.events;
    events.reachable().iter().any(|other| {
        let first = if *other == id { index } else { 0 };
        let mut filled =
            (first..events.end(*other)).flat_map(|index| events.filled_by(*other, index));
        regions[*other] == regions[id] && filled.any(|filled| filled == local)
    })
}

/// A local of a block that rustc would drop too late: its scope ends in another block, with code
/// after it.
fn find_late_drop(body: &Body, analysis: &Analysis) -> Option<LocalId> {
    let declared = declaring_blocks(body);
    for id in analysis.events.reachable().iter().copied() {
        for (index, statement) in body.blocks[id].statements.iter().enumerate() {
            let Statement::Drop { local, .. } = statement else { continue };
            if analysis.homes[*local] == Home::Block
                && declared[*local] != Some(id)
                && is_dropped(body, analysis, id, index, *local)
                && !is_last(body, analysis, id, index)
                && !is_left_by_jump(body, analysis, id, index)
            {
                return Some(*local);
            }
        }
    }
    None
}

/// Whether a jump out of code has left the scope of what a statement drops, and nothing is dropped
/// between both that is not kept in its block.
fn is_left_by_jump(body: &Body, analysis: &Analysis, id: BlockId, index: usize) -> bool {
    let is_target = |from: &BlockId| body.blocks[*from].terminator.successors().contains(&id);
    let is_idle = |(at, statement): (usize, &Statement)| match statement {
        Statement::Drop { local, .. } => {
            analysis.homes[*local] == Home::Block || !is_dropped(body, analysis, id, at, *local)
        }
        _ => false,
    };
    !analysis.events.reachable().iter().any(is_target)
        && body.blocks[id].statements[..index].iter().enumerate().all(is_idle)
}

/// Whether a local may hold something where its scope ends: a closure may have captured just a part.
fn is_dropped(body: &Body, analysis: &Analysis, id: BlockId, index: usize, local: LocalId) -> bool {
    !body.locals[local].is_plain && analysis.may_be_left(id, index, local)
}

/// Whether nothing happens in a block after the end of a local's scope but the end of the block: then the
/// local is dropped there, unless a variable that is declared after it outlives it.
pub(crate) fn is_last(body: &Body, analysis: &Analysis, id: BlockId, index: usize) -> bool {
    let block = &body.blocks[id];
    let Statement::Drop { local: ended, .. } = block.statements[index] else {
        unreachable!("it is the end of a scope")
    };
    let is_idle = |(at, statement): (usize, &Statement)| match statement {
        Statement::Drop { local, .. } => {
            !is_dropped(body, analysis, id, at, *local)
                || analysis.homes[*local] == Home::Block
                    && !is_declared_after(body, id, *local, ended)
        }
        _ => false,
    };
    matches!(block.terminator, Terminator::Goto(_) | Terminator::Unreachable)
        && block.statements.iter().enumerate().skip(index + 1).all(is_idle)
}

/// Whether the variable of a local is declared in a block after that of another one.
fn is_declared_after(body: &Body, id: BlockId, local: LocalId, other: LocalId) -> bool {
    let statements = &body.blocks[id].statements;
    let declares = |local: LocalId| {
        move |statement: &Statement| match statement {
            Statement::Declare(id) | Statement::Bound(id) => *id == local,
            Statement::Let { pat, .. } => bindings(pat).contains(&local),
            _ => false,
        }
    };
    let first_value = |local: LocalId| {
        let is_elsewhere = declaring_blocks(body)[local].is_some_and(|declared| {
            let regions = body.regions();
            regions[declared] != regions[id]
        });
        let fills = |statement: &Statement| matches!(statement, Statement::Init { local: filled, .. } if *filled == local);
        statements.iter().position(fills).filter(|_| is_elsewhere)
    };
    let place =
        |local: LocalId| statements.iter().position(declares(local)).or_else(|| first_value(local));
    place(local) > place(other)
}

/// The block in which each local is declared or bound.
pub(crate) fn declaring_blocks(body: &Body) -> IndexVec<LocalId, Option<BlockId>> {
    let mut declared = IndexVec::filled(body.locals.len(), None);
    for id in body.reachable() {
        for statement in &body.blocks[id].statements {
            match statement {
                Statement::Declare(local) => declared[*local] = declared[*local].or(Some(id)),
                Statement::Bound(local) => declared[*local] = Some(id),
                Statement::Let { pat, .. } => {
                    bindings(pat).into_iter().for_each(|local| declared[local] = Some(id));
                }
                _ => {}
            }
        }
    }
    declared
}
