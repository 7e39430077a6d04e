//! From the desugared tree to the graph.
//!
//! The builder keeps the current block and the stack of open scopes. It evaluates an expression
//! into a destination: nowhere, a local, or the coroutine's result.

mod arguments;
mod bindings;
mod control;
mod guards;
mod scopes;

use std::collections::HashMap;

use proc_macro2::{Delimiter, Group, Span};
use quote::ToTokens;
use syn::Expr as Code;
use syn::visit_mut::VisitMut;

use super::{Block, BlockId, Body, Source, Statement, Terminator, Until};
use crate::ast::recursion;
use crate::dump::code;
use crate::edition::Edition;
use crate::hir::{self, Expr, ExprKind, LabelId, LocalId, Rename, Stmt, bindings, uses};
use crate::index::IndexVec;

/// Builds the graph of a body.
pub fn build(hir: &hir::Body) -> Body {
    let mut builder = Builder {
        body: Body {
            locals: hir.locals.clone(),
            arguments: hir.arguments.clone(),
            declared: Vec::new(),
            blocks: IndexVec::new(),
            items: hir.items.clone(),
            holders: Vec::new(),
            lent: Vec::new(),
            parted: 0,
            prologue: None,
            left: Vec::new(),
            has_unsafe: hir.has_unsafe,
            needs_old_edition: hir.needs_old_edition,
        },
        current: None,
        scopes: vec![Vec::new()],
        targets: HashMap::new(),
        tail_from: None,
        edition: hir.edition,
        not_taken: Vec::new(),
        is_leaving: false,
    };
    let entry = builder.new_block(false);
    builder.start(entry);
    builder.arguments(hir);
    builder.block(&hir.root, Dest::Return);
    if builder.current.is_some() {
        builder.terminate(Terminator::Return { value: None });
    }
    builder.body
}

/// Where the value of an expression goes.
#[derive(Clone, Copy)]
enum Dest {
    /// It is dropped.
    Nowhere,
    /// It initialises a local, which is declared.
    Local(LocalId),
    /// It is the result of the coroutine.
    Return,
}

/// A loop or labelled block that is being built.
struct Target {
    /// Where its value goes.
    dest: Dest,
    /// Where it goes on after it.
    after: BlockId,
    /// Where the next round begins, if it is a loop.
    next: Option<BlockId>,
    /// How many scopes were open before it.
    depth: usize,
}

struct Builder {
    body: Body,
    /// The block under construction; none where control does not get to.
    current: Option<BlockId>,
    /// The locals of each open scope, innermost last.
    scopes: Vec<Vec<LocalId>>,
    targets: HashMap<LabelId, Target>,
    /// The scope from which on the next block is the tail of the blocks around it.
    tail_from: Option<usize>,
    /// What temporaries depend on.
    edition: Edition,
    /// Holders that keep nothing if an arm takes nothing, and the locals that have the value then.
    not_taken: Vec<(LocalId, LocalId)>,
    /// Whether what is built is the value of a `return`.
    is_leaving: bool,
}

impl Builder {
    fn new_block(&mut self, is_join: bool) -> BlockId {
        self.body.blocks.push(Block {
            statements: Vec::new(),
            terminator: Terminator::Unreachable,
            in_scope: Vec::new(),
            is_join,
        })
    }

    /// Goes on in `block`, in the scopes that are open now.
    fn start(&mut self, block: BlockId) {
        self.body.blocks[block].in_scope = self.scopes.iter().flatten().copied().collect();
        self.current = Some(block);
    }

    fn push(&mut self, statement: Statement) {
        if let Some(block) = self.current {
            self.body.blocks[block].statements.push(statement);
        }
    }

    /// Ends the current block.
    fn terminate(&mut self, terminator: Terminator) {
        if let Some(block) = self.current.take() {
            if self.is_leaving && matches!(terminator, Terminator::Return { .. }) {
                self.body.left.push(block);
            }
            self.body.blocks[block].terminator = terminator;
        }
    }

    /// A new local that lowering did not need.
    fn temporary(&mut self, name: &str) -> LocalId {
        self.body.temporary(name)
    }

    /// A use of a local.
    fn local(&self, local: LocalId) -> Code {
        let declared = &self.body.locals[local];
        let name = declared.unique(local, declared.name.span());
        syn::parse_quote!(#name)
    }

    fn block(&mut self, block: &hir::Block, dest: Dest) {
        if let Some((temporaries, value)) = self.old_tail(block) {
            return self.block_in_temporaries(block, temporaries, value, dest);
        }
        let from = self.tail_from.take().unwrap_or(self.scopes.len());
        self.open_scope();
        block.stmts.iter().for_each(|stmt| self.stmt(stmt));
        match &block.tail {
            Some(tail) => {
                self.begin_tail(block, tail, from, dest);
                self.expr(tail, dest);
                self.tail_from = None;
            }
            None => self.unit(dest),
        }
        self.close_scope();
    }

    /// The temporaries and the value of a tail before edition 2024, if it has any.
    #[allow(clippy::type_complexity, reason = "a part of a variant")]
    fn old_tail<'h>(&self, block: &'h hir::Block) -> Option<(&'h [(LocalId, Expr)], &'h Expr)> {
        match &block.tail.as_deref()?.kind {
            ExprKind::Operands { temporaries, value } if self.edition == Edition::Old => {
                Some((temporaries, value))
            }
            _ => None,
        }
    }

    /// A block before edition 2024: the temporaries of its tail are dropped after its locals, and operands
    /// that wait before.
    fn block_in_temporaries(
        &mut self,
        block: &hir::Block,
        temporaries: &[(LocalId, Expr)],
        value: &Expr,
        dest: Dest,
    ) {
        self.body.needs_old_edition = true;
        self.tail_from = None;
        self.open_scope();
        temporaries.iter().for_each(|temporary| self.declare_temporary(temporary, false));
        value.holders().into_iter().for_each(|holder| self.declare(holder));
        self.open_scope();
        block.stmts.iter().for_each(|stmt| self.stmt(stmt));
        for (local, operand) in temporaries {
            if let ExprKind::Restore { from, call } = &operand.kind {
                self.restore(*from, *local, call);
                continue;
            }
            if self.body.locals[*local].is_waiting {
                self.declare(*local);
            }
            self.expr(operand, Dest::Local(*local));
        }
        self.expr(value, dest);
        self.close_scope();
        self.close_scope();
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Let(binding) => self.binding(binding),
            Stmt::Expr(expr) => self.expr(expr, Dest::Nowhere),
            Stmt::End(locals) => {
                let newest_last: Vec<LocalId> = locals.iter().rev().copied().collect();
                self.drop_all(&newest_last);
            }
            Stmt::EndIn2024(locals) => {
                locals.iter().for_each(|local| self.push(Statement::DropIn2024(*local)));
                let not_taken = self.not_taken.iter().filter(|(holder, _)| locals.contains(holder));
                let not_taken = not_taken.map(|(_, local)| *local);
                let others = not_taken.filter(|local| !locals.contains(local));
                let others: Vec<LocalId> = others.collect();
                others.into_iter().for_each(|local| self.push(Statement::DropIn2024(local)));
            }
            Stmt::RequireEdition2024 => self.push(Statement::RequireEdition2024),
            Stmt::Split(split) => self.let_split(split),
            Stmt::Code(stmt) => self.statement(stmt),
        }
    }

    /// Before a block's tail: the edition decides what is dropped first, its temporaries or the locals
    /// of the scopes from `from` on.
    fn begin_tail(&mut self, block: &hir::Block, tail: &Expr, from: usize, dest: Dest) {
        let is_plain = |local: &LocalId| self.body.locals[*local].is_plain;
        let open = self.scopes[from..].iter().flatten().copied();
        let locals: Vec<LocalId> = open.filter(|local| !is_plain(local)).collect();
        match (&tail.kind, dest) {
            (ExprKind::Block(None, _), Dest::Return) => self.tail_from = Some(from),
            (ExprKind::Code(_), Dest::Return)
                if hir::leaves_temporaries(tail) && !locals.is_empty() =>
            {
                self.push(Statement::Tail(locals));
            }
            (ExprKind::Code(_), Dest::Return) => {}
            _ if self.depends_on_edition(block) => self.push(Statement::RequireEdition2024),
            _ => {}
        }
    }

    /// Whether the edition decides what is dropped first: temporaries of the tail, or locals.
    fn depends_on_edition(&self, block: &hir::Block) -> bool {
        let binds_droppable = |stmt: &Stmt| match stmt {
            Stmt::Let(binding) => {
                bindings(&binding.pat).iter().any(|local| !self.body.locals[*local].is_plain)
            }
            _ => false,
        };
        block.tail.as_ref().is_some_and(|tail| hir::leaves_temporaries(tail))
            && block.stmts.iter().any(binds_droppable)
    }

    /// Delivers `()`.
    fn unit(&mut self, dest: Dest) {
        match dest {
            Dest::Nowhere => {}
            Dest::Local(local) => {
                self.push(Statement::Init { local, value: syn::parse_quote!(()) });
            }
            Dest::Return => self.terminate(Terminator::Return { value: None }),
        }
    }

    fn statement(&mut self, stmt: &syn::Stmt) {
        let mut stmt = stmt.clone();
        self.redirect_stmt(&mut stmt);
        let is_end = uses::stmt_diverges(&stmt);
        self.push(Statement::Eval(stmt));
        if is_end {
            self.terminate(Terminator::Unreachable);
        }
    }

    fn expr(&mut self, expr: &Expr, dest: Dest) {
        match &expr.kind {
            ExprKind::Code(code) => self.code(code, dest),
            ExprKind::Block(None, block) => self.block(block, dest),
            ExprKind::Block(Some(label), block) => self.labelled(*label, block, dest),
            ExprKind::If { condition, then, otherwise } => {
                self.branch(condition, then, otherwise.as_deref(), dest);
            }
            ExprKind::Match { scrutinee, arms } => self.matching(scrutinee, arms, dest),
            ExprKind::Guarded { scrutinee, arms } => self.guarded(scrutinee, arms, dest),
            ExprKind::Split { place, holder, arms } => self.splitting(place, *holder, arms, dest),
            ExprKind::Loop { label, body } => self.endless(*label, body, dest),
            ExprKind::Break { label, value } => self.break_out(*label, value.as_deref()),
            ExprKind::Continue { label } => self.next_round(*label),
            ExprKind::Return { value } => self.leave(value.as_deref()),
            ExprKind::Await { operand, future } => self.awaiting(operand, *future, dest),
            ExprKind::Suspend { value } => self.suspend(value.as_deref(), expr.span, dest),
            ExprKind::Hold { holder, value, moves } => {
                let Dest::Local(local) = dest else {
                    unreachable!("lowering holds operands only, which are locals")
                };
                self.hold(*holder, local, value.clone(), moves);
            }
            ExprKind::Lend { from } => {
                let Dest::Local(to) = dest else { unreachable!("an operand is lent to") };
                self.lend(*from, to);
            }
            ExprKind::Restore { .. } => unreachable!("it is among the temporaries"),
            ExprKind::Operands { temporaries, value } => {
                self.open_scope();
                self.temporaries(temporaries);
                self.expr(value, dest);
                self.close_scope();
            }
        }
    }

    /// Evaluates operands and temporaries. Operands that wait are dropped first: the scopes of the
    /// temporaries are around those of all operands.
    fn temporaries(&mut self, temporaries: &[(LocalId, Expr)]) {
        let is_waiting =
            |builder: &Self, (local, _): &(LocalId, Expr)| builder.body.locals[*local].is_waiting;
        let mut is_around = false;
        for (index, temporary) in temporaries.iter().enumerate() {
            if let ExprKind::Restore { from, call } = &temporary.1.kind {
                self.restore(*from, temporary.0, call);
                continue;
            }
            if !is_around && is_waiting(self, temporary) {
                is_around = true;
                let later = &temporaries[index..];
                later.iter().for_each(|later| self.declare_temporary(later, false));
            }
            if !is_around {
                self.declare_temporary(temporary, false);
            }
            self.declare_temporary(temporary, true);
            let (local, operand) = temporary;
            self.expr(operand, Dest::Local(*local));
        }
    }

    /// Declares what a temporary is in: as one that waits, or all others.
    fn declare_temporary(&mut self, (local, value): &(LocalId, Expr), is_waiting: bool) {
        if !is_waiting {
            value.holders().into_iter().for_each(|holder| self.declare(holder));
        }
        let is_declared = matches!(value.kind, ExprKind::Restore { .. });
        if self.body.locals[*local].is_waiting == is_waiting && !is_declared {
            self.declare(*local);
        }
    }

    /// A receiver waits for the arguments, unless dropping it at another time makes no difference.
    fn lend(&mut self, from: LocalId, to: LocalId) {
        let receiver = &self.body.locals[from];
        let is_dropped = !receiver.is_plain && !receiver.is_copy;
        self.body.locals[to].is_plain = !is_dropped;
        if is_dropped {
            self.body.lent.push((from, to));
            self.push(Statement::Lend { from, to });
        }
    }

    /// Before the call on a receiver that has waited.
    fn restore(&mut self, from: LocalId, to: LocalId, call: &Code) {
        if self.body.lent.contains(&(from, to)) {
            self.push(Statement::Restore { from, to, call: call.clone() });
        }
    }

    fn code(&mut self, code: &Code, dest: Dest) {
        let mut value = code.clone();
        self.redirect(&mut value);
        if uses::diverges(&value) {
            self.push(Statement::Eval(syn::Stmt::Expr(value, Some(Default::default()))));
            return self.terminate(Terminator::Unreachable);
        }
        match dest {
            Dest::Nowhere => {
                self.push(Statement::Eval(syn::Stmt::Expr(value, Some(Default::default()))));
            }
            Dest::Local(local) => self.push(Statement::Init { local, value }),
            Dest::Return => self.terminate(Terminator::Return { value: Some(value) }),
        }
    }

    /// Evaluates code in a holder, in which the operands that it may consume are variables.
    fn hold(&mut self, holder: LocalId, local: LocalId, mut value: Code, moved: &[LocalId]) {
        let moves = moved.iter().map(|from| {
            let variable = self.body.variable_like(*from);
            Rename::new(*from, self.body.unique(variable)).visit_expr_mut(&mut value);
            (*from, variable)
        });
        let (moves, until) = (moves.collect(), Until::StatementEnd);
        self.push(Statement::Hold { holder, local, value, moves, until });
    }

    /// Evaluates an expression for use in a terminator or pattern.
    fn operand(&mut self, expr: &Expr) -> Code {
        match &expr.kind {
            ExprKind::Code(code) => {
                let mut code = code.clone();
                self.redirect(&mut code);
                code
            }
            _ => {
                let local = self.temporary("value");
                self.body.locals[local].name.set_span(expr.span);
                self.declare(local);
                self.expr(expr, Dest::Local(local));
                self.local(local)
            }
        }
    }

    fn awaiting(&mut self, operand: &Expr, future: LocalId, dest: Dest) {
        let result = self.result_local(dest);
        self.open_scope();
        self.declare(future);
        let operand = self.operand(operand);
        if !matches!(dest, Dest::Local(_)) {
            self.body.locals[result].name.set_span(operand_span(&operand));
        }
        let span = self.body.locals[future].name.span();
        let value = into_future(&operand);
        let source = Source {
            span,
            operand: operand_span(&operand),
            operand_end: end_span(&operand),
            text: source_text(&operand),
        };
        self.push(Statement::Init { local: future, value });
        let resume = self.new_block(false);
        self.suspend_in(Terminator::Await { future, result, resume, source }, resume);
        self.push(Statement::Bound(result));
        self.close_scope();
        self.deliver(result, dest);
    }

    fn suspend(&mut self, value: Option<&Expr>, span: Span, dest: Dest) {
        let result = self.result_local(dest);
        let value = value.map(|value| self.operand(value));
        let text = value.as_ref().map_or_else(String::new, source_text);
        let source = Source { span, operand: span, operand_end: span, text };
        let resume = self.new_block(false);
        self.suspend_in(Terminator::Suspend { value, result, resume, source }, resume);
        self.push(Statement::Bound(result));
        self.deliver(result, dest);
    }

    /// The local for the value that a suspension ends with.
    fn result_local(&mut self, dest: Dest) -> LocalId {
        if let Dest::Local(local) = dest {
            return local;
        }
        let local = self.temporary("value");
        self.declare(local);
        local
    }

    fn suspend_in(&mut self, terminator: Terminator, resume: BlockId) {
        if self.current.is_some() {
            self.terminate(terminator);
            self.start(resume);
        }
    }

    /// Delivers a value that is in a local of its own.
    fn deliver(&mut self, result: LocalId, dest: Dest) {
        let value = self.local(result);
        match dest {
            Dest::Local(_) => {}
            Dest::Nowhere => {
                self.push(Statement::Eval(syn::Stmt::Expr(value, Some(Default::default()))));
            }
            Dest::Return => self.terminate(Terminator::Return { value: Some(value) }),
        }
    }
}

fn operand_span(operand: &Code) -> Span {
    syn::spanned::Spanned::span(operand)
}

/// The future that an operand is made into: a call that begins and ends where the operand does.
fn into_future(operand: &Code) -> Code {
    let mut argument = Group::new(Delimiter::Parenthesis, operand.to_token_stream());
    argument.set_span(end_span(operand));
    let call = quote::quote_spanned!(operand_span(operand)=>
        ::core::future::IntoFuture::into_future #argument);
    syn::parse2(call).expect("a call is an expression")
}

/// Where an operand ends.
fn end_span(operand: &Code) -> Span {
    let last = operand.to_token_stream().into_iter().last();
    last.map_or_else(Span::mixed_site, |tree| tree.span())
}

/// The user's text of an operand, with the user's names.
fn source_text(operand: &Code) -> String {
    let mut operand = recursion::as_written(operand);
    if let Code::MethodCall(call) = &mut operand {
        call.attrs.clear();
    }
    code(crate::hir::original_names(operand.to_token_stream()))
}
