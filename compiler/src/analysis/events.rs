//! What a statement or terminator does with locals, in order.

use std::collections::HashSet;
use std::rc::Rc;

use syn::Expr;

use crate::hir::destructure::{self, Takes};
use crate::hir::uses::{self, Certainty, UseKind, Visitor};
use crate::hir::{LocalId, LocalKind, as_local, bindings, captured_parts, root_local};
use crate::index::IndexVec;
use crate::mir::{Arm, Block, BlockId, Body, Statement, Terminator, jumps_of};

/// What happens to a local.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// Its value is looked at, perhaps by a reference that stays.
    Use { keeps_reference: bool },
    /// Its value is taken.
    Take,
    /// Its value is taken on a path that leaves the code for good, perhaps by a jump.
    TakeLeaving,
    /// It may be dropped.
    Discard,
    /// It gets a value.
    Fill,
    /// It has its value again that it had all the time.
    Refill,
    /// It holds nothing any more, or not yet.
    Clear,
}

/// An event, of which local, and whether it happens on every path.
pub(super) type Step = (LocalId, Event, bool);

/// What all the code of a body does, found once: the passes ask for it again and again.
#[derive(Clone, Debug)]
pub(super) struct Events {
    blocks: Rc<IndexVec<BlockId, Vec<Code>>>,
    reachable: Rc<Vec<BlockId>>,
    captured: Rc<HashSet<LocalId>>,
}

/// What a statement, or the terminator after the last, does.
#[derive(Clone, Debug)]
struct Code {
    steps: Vec<Step>,
    jumps: Vec<BlockId>,
}

impl Events {
    /// Looks at all the code of a body.
    pub(super) fn of(body: &Body) -> Self {
        let mut captured = HashSet::new();
        let blocks = body.blocks.map(|block| {
            let mut code = |collected: Collect<'_>, jumps| {
                captured.extend(collected.captured);
                Code { steps: collected.steps, jumps }
            };
            let statements = block.statements.iter();
            let mut all: Vec<Code> = statements
                .map(|statement| code(of_statement(body, statement), statement.jumps()))
                .collect();
            let jumps = block.terminator_code().into_iter().flat_map(jumps_of).collect();
            all.push(code(of_terminator(body, block), jumps));
            all
        });
        let (blocks, reachable) = (Rc::new(blocks), Rc::new(body.reachable()));
        Events { blocks, reachable, captured: Rc::new(captured) }
    }

    /// Whether a closure captures a local of which it names parts only, and may leave others.
    pub(super) fn is_captured_in_parts(&self, local: LocalId) -> bool {
        self.captured.contains(&local)
    }

    /// What a statement does, or the terminator after the last.
    pub(super) fn at(&self, block: BlockId, index: usize) -> &[Step] {
        &self.blocks[block][index].steps
    }

    /// The blocks that a statement may jump to, or the code of the terminator.
    pub(super) fn jumps(&self, block: BlockId, index: usize) -> &[BlockId] {
        &self.blocks[block][index].jumps
    }

    /// How many statements a block has: the index of its terminator.
    pub(super) fn end(&self, block: BlockId) -> usize {
        self.blocks[block].len() - 1
    }

    /// What the terminator of a block does.
    pub(super) fn of_end(&self, block: BlockId) -> &[Step] {
        self.at(block, self.end(block))
    }

    /// The locals that a statement gives a value.
    pub(super) fn filled_by(&self, block: BlockId, index: usize) -> impl Iterator<Item = LocalId> {
        let steps = self.at(block, index).iter();
        steps.filter(|(_, event, _)| *event == Event::Fill).map(|(local, ..)| *local)
    }

    /// The blocks that control gets to, in reverse postorder.
    pub(super) fn reachable(&self) -> &[BlockId] {
        &self.reachable
    }
}

/// The events of a statement.
fn of_statement<'a>(body: &'a Body, statement: &Statement) -> Collect<'a> {
    let mut collect = Collect::of(body);
    match statement {
        Statement::Declare(local) | Statement::Drop { local, .. } => {
            collect.steps.push((*local, Event::Clear, true));
        }
        Statement::Bound(local) => collect.steps.push((*local, Event::Fill, true)),
        Statement::Init { local, value } => {
            uses::walk_value(&mut value.clone(), &mut collect);
            collect.steps.push((*local, Event::Fill, true));
        }
        Statement::Hold { holder, local, value, moves, .. } => {
            uses::walk_value(&mut value.clone(), &mut collect);
            collect.steps.retain(|(local, ..)| !moves.iter().any(|(_, inside)| inside == local));
            for (from, _) in moves {
                collect.steps.extend([(*from, Event::Take, true), (*from, Event::Clear, true)]);
            }
            collect.steps.extend([(*local, Event::Fill, true), (*holder, Event::Fill, true)]);
        }
        Statement::Lend { from, to } => collect.steps.extend([
            (*from, Event::Use { keeps_reference: false }, true),
            (*from, Event::Take, false),
            (*to, Event::Fill, false),
        ]),
        Statement::Restore { from, to, .. } => collect.steps.extend([
            (*from, Event::Use { keeps_reference: false }, true),
            (*to, Event::Clear, true),
            (*from, Event::Refill, true),
        ]),
        Statement::Later { .. } | Statement::RequireEdition2024 | Statement::Tail(_) => {}
        Statement::DropIn2024(local) => collect.steps.push((*local, Event::Discard, false)),
        Statement::Taken(local) => collect.steps.push((*local, Event::Take, true)),
        Statement::Let { pat, value, .. } => {
            match destructure::takes_part(pat, value) {
                true => uses::walk_value(&mut value.clone(), &mut collect),
                false => collect.scrutinee(body, pat, value),
            }
            collect.steps.extend(bindings(pat).into_iter().map(|local| (local, Event::Fill, true)));
        }
        Statement::Eval(stmt) => uses::walk_stmt(&mut stmt.clone(), &mut collect),
    }
    collect
}

/// Whether a statement does anything with a local.
pub(crate) fn mentions(body: &Body, statement: &Statement, local: LocalId) -> bool {
    of_statement(body, statement).steps.iter().any(|(id, ..)| *id == local)
}

/// The locals that code names.
pub(crate) fn named_by(body: &Body, code: &Expr) -> Vec<LocalId> {
    let mut collect = Collect::of(body);
    uses::walk_value(&mut code.clone(), &mut collect);
    collect.steps.into_iter().map(|(local, ..)| local).collect()
}

/// Whether code may take the value of a local.
pub(super) fn takes(body: &Body, code: &Expr, local: LocalId) -> bool {
    let mut collect = Collect::of(body);
    uses::walk_value(&mut code.clone(), &mut collect);
    let is_taken = |event: &Event| matches!(event, Event::Take | Event::TakeLeaving);
    collect.steps.iter().any(|(id, event, _)| *id == local && is_taken(event))
}

/// Whether a statement gives a local a value.
pub(crate) fn fills(body: &Body, statement: &Statement, local: LocalId) -> bool {
    let steps = of_statement(body, statement).steps;
    steps.iter().any(|(id, event, _)| *id == local && *event == Event::Fill)
}

/// Whether a local certainly has a new value after a statement, or none yet.
pub(super) fn begins(body: &Body, statement: &Statement, local: LocalId) -> bool {
    let mut steps = of_statement(body, statement).steps;
    steps.retain(|(id, ..)| *id == local);
    matches!(steps.last(), Some((_, Event::Fill | Event::Clear, true)))
}

/// The events of a block's terminator.
fn of_terminator<'a>(body: &'a Body, block: &Block) -> Collect<'a> {
    let mut collect = Collect::of(body);
    match &block.terminator {
        Terminator::If { condition, .. } => {
            uses::walk_value(&mut condition.clone(), &mut collect);
        }
        Terminator::LetElse { pat, value, .. } => collect.scrutinee(body, pat, value),
        Terminator::Match { scrutinee, arms, taken } => {
            match takes_scrutinee(body, scrutinee) && !borrows(arms) {
                _ if taken.is_some() => {
                    let local = taken.expect("just checked");
                    collect.steps.push((local, Event::Use { keeps_reference: false }, true));
                }
                true => uses::walk_value(&mut scrutinee.clone(), &mut collect),
                false => uses::walk_place(&mut scrutinee.clone(), &mut collect),
            }
            for guard in arms.iter().filter_map(|arm| arm.guard.as_ref()) {
                uses::walk_value(&mut guard.clone(), &mut collect);
            }
        }
        Terminator::Select { scrutinee, arms, .. } => {
            uses::walk_place(&mut scrutinee.clone(), &mut collect);
            for guard in arms.iter().filter_map(|arm| arm.guard.as_ref()) {
                uses::walk_value(&mut guard.clone(), &mut collect);
            }
        }
        Terminator::Split { place, arms, .. } => {
            let value = root_local(place).expect("a local is split");
            collect.steps.extend([(value, Event::Take, true), (value, Event::Clear, true)]);
            for guard in arms.iter().filter_map(|arm| arm.guard.as_ref()) {
                uses::walk_value(&mut guard.clone(), &mut collect);
            }
        }
        Terminator::Suspend { value, .. } | Terminator::Return { value } => {
            if let Some(value) = value {
                uses::walk_value(&mut value.clone(), &mut collect);
            }
        }
        Terminator::Await { future, .. } => {
            collect.steps.push((*future, Event::Use { keeps_reference: false }, true));
        }
        Terminator::Goto(_) | Terminator::Unreachable => {}
    }
    collect
}

/// Whether a match takes the value of its scrutinee: a temporary that nothing else uses.
pub(crate) fn takes_scrutinee(body: &Body, scrutinee: &Expr) -> bool {
    as_local(scrutinee).is_some_and(|local| body.locals[local].kind == LocalKind::Temporary)
}

/// Whether an arm keeps a reference to what is matched.
pub(crate) fn borrows(arms: &[Arm]) -> bool {
    arms.iter().any(|arm| destructure::binds_by_reference(&arm.pat))
}

/// Collects the events of code.
struct Collect<'a> {
    body: &'a Body,
    steps: Vec<Step>,
    /// The locals of which closures capture perhaps just parts.
    captured: Vec<LocalId>,
}

impl<'a> Collect<'a> {
    fn of(body: &'a Body) -> Self {
        Collect { body, steps: Vec::new(), captured: Vec::new() }
    }

    fn scrutinee(&mut self, body: &Body, pat: &syn::Pat, value: &Expr) {
        let is_value = destructure::is_binding(pat)
            || takes_scrutinee(body, value) && !destructure::binds_by_reference(pat)
            || takes_variable(pat, value);
        match is_value {
            true => uses::walk_value(&mut value.clone(), self),
            false => uses::walk_place(&mut value.clone(), self),
        }
    }
}

/// Whether the pattern of a `let` takes all of a variable.
pub(crate) fn takes_variable(pat: &syn::Pat, value: &Expr) -> bool {
    as_local(value).is_some() && destructure::takes(pat) == Takes::All
}

impl Visitor for Collect<'_> {
    fn local(&mut self, _: &mut Expr, local: LocalId, kind: UseKind, certainty: Certainty) {
        let is_certain = certainty == Certainty::Certain;
        let event = match kind {
            UseKind::Move if certainty == Certainty::Leaving => Event::TakeLeaving,
            UseKind::Move => Event::Take,
            UseKind::Capture => {
                let borrow = Event::Use { keeps_reference: true };
                self.steps.push((local, borrow, is_certain));
                match certainty {
                    Certainty::Leaving => Event::TakeLeaving,
                    _ => Event::Take,
                }
            }
            UseKind::Read => Event::Use { keeps_reference: false },
            UseKind::Borrow => Event::Use { keeps_reference: true },
            UseKind::Assign => Event::Fill,
        };
        self.steps.push((local, event, is_certain));
    }

    fn closure(&mut self, expr: &mut Expr, _: Certainty) -> bool {
        self.captured.extend(captured_parts(expr).into_iter().map(|(local, _)| local));
        false
    }

    fn take_apart(&mut self, _: &mut syn::ExprMatch, local: LocalId) {
        self.steps.push((local, Event::Use { keeps_reference: false }, true));
    }

    fn taken(&mut self, local: LocalId, certainty: Certainty) {
        let event = match certainty {
            Certainty::Leaving => Event::TakeLeaving,
            _ => Event::Take,
        };
        self.steps.push((local, event, certainty == Certainty::Certain));
    }

    fn assign(&mut self, _: &mut Expr, local: LocalId, certainty: Certainty) {
        let is_certain = certainty == Certainty::Certain;
        for (_, holder) in self.body.holders.iter().filter(|(held, _)| *held == local) {
            self.steps.push((*holder, Event::Clear, is_certain));
        }
        self.steps.push((local, Event::Fill, is_certain));
    }

    fn tokens(&mut self, tokens: &mut proc_macro2::TokenStream, certainty: Certainty) {
        let is_certain = certainty == Certainty::Certain;
        for local in crate::hir::locals_in(tokens) {
            self.steps.push((local, Event::Use { keeps_reference: true }, is_certain));
        }
    }
}
