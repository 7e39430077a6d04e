//! Marks calls and closures that may take a part of a local whose other parts are used later.
//!
//! They work on the local where it is: what they take, rustc decides, and each costs a mark in the
//! slot of the local. So a call is marked only if nothing uses that part after it, and its method has a
//! name as those have that take their receiver.

use std::collections::HashSet;

use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Stmt};

use super::receivers::{Action, Receiver, code_of};
use super::{refilled, taken};
use crate::analysis::{self, Analysis, Home};
use crate::ast::macros;
use crate::hir::uses::part_of;
use crate::hir::{
    self, LocalId, LocalKind, as_local, captured_parts, locals_in, mark_part, mark_parted,
    mark_scrutinee, occurrence, paths_in, root_local, root_of,
};
use crate::mir::{BlockId, Body, Statement, jumps_of};

/// A use to mark, if it may take the value of a part.
pub(super) fn marked(
    body: &Body,
    analysis: &Analysis,
    (block, index): (BlockId, usize),
    receiver: &Receiver,
) -> Option<Parted> {
    may_take_part(body, analysis, (block, index), receiver).then_some(Parted {
        block,
        index,
        receiver: *receiver,
    })
}

/// Whether the value of a part may be taken by a call or a closure that can be marked.
fn may_take_part(
    body: &Body,
    analysis: &Analysis,
    at: (BlockId, usize),
    receiver: &Receiver,
) -> bool {
    let declared = &body.locals[receiver.local];
    let is_named = matches!(declared.kind, LocalKind::Argument | LocalKind::Binding);
    let is_kept = body.declared.contains(&receiver.local)
        && analysis.homes[receiver.local] != Home::Block
        && !declared.is_copy
        && !declared.is_plain;
    if !is_kept || !is_named || receiver.borrows {
        return false;
    }
    if receiver.action == Action::Match {
        return taken::may_take(body, at, receiver);
    }
    let Some(found) = find(body, at, receiver) else { return false };
    match &found {
        Expr::MethodCall(call) => {
            let is_gone = || {
                is_refilled_in_code(body, at, receiver.local, &call.receiver)
                    || !is_used_later(body, at, receiver.local, &call.receiver)
            };
            let may_be_taken = refilled::may_be(body, at, receiver.local)
                || hir::may_take_part(&call.method.to_string()) && is_gone();
            may_be_taken && call.attrs.is_empty() && call.args.iter().all(|arg| !captures(arg))
        }
        Expr::Closure(closure) => {
            closure.capture.is_some() && paths_in(&found, receiver.local).is_some()
        }
        Expr::Async(block) => block.capture.is_some() && paths_in(&found, receiver.local).is_some(),
        _ => false,
    }
}

/// Whether an expression is a closure that captures something.
fn captures(arg: &Expr) -> bool {
    struct Bound(HashSet<LocalId>);
    impl<'ast> Visit<'ast> for Bound {
        fn visit_pat(&mut self, pat: &'ast syn::Pat) {
            self.0.extend(hir::bindings(pat));
            visit::visit_pat(self, pat);
        }
    }
    let Expr::Closure(closure) = arg else { return false };
    let mut bound = Bound(HashSet::new());
    bound.visit_expr_closure(closure);
    locals_in(&closure.to_token_stream()).iter().any(|local| !bound.0.contains(local))
}

/// Something in a statement that may take a part of a local.
pub(super) struct Parted {
    pub(super) block: BlockId,
    pub(super) index: usize,
    pub(super) receiver: Receiver,
}

/// Marks calls, matches and closures, the last first, as a `let` ends its block then; whether there are
/// any.
pub(super) fn mark_all(body: &mut Body, found: &[Parted]) -> bool {
    found.iter().rev().filter(|parted| mark(body, parted)).count() > 0
}

/// Marks a call or a closure; whether it was found.
fn mark(body: &mut Body, parted: &Parted) -> bool {
    let (number, receiver) = (body.parted, parted.receiver);
    if receiver.action == Action::Match && taken::mark(body, parted, number) {
        body.parted += 1;
        return true;
    }
    let Some(mut code) = code_of(&mut body.blocks[parted.block], parted.index) else {
        return false;
    };
    let mut marked = Mark { receiver, number, is_done: false };
    code.visit(&mut marked);
    body.parted += usize::from(marked.is_done);
    marked.is_done
}

struct Mark {
    receiver: Receiver,
    number: usize,
    is_done: bool,
}

impl VisitMut for Mark {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        if self.is_done {
            return;
        }
        if is_it(expr, &self.receiver) {
            match expr {
                Expr::Match(matching) => mark_scrutinee(&mut matching.expr, self.number),
                Expr::Let(test) => mark_scrutinee(&mut test.expr, self.number),
                Expr::MethodCall(call) => mark_part(call, self.number),
                closure => mark_parted(closure, self.receiver.local, self.number),
            }
            self.is_done = true;
            return;
        }
        if !matches!(expr, Expr::Closure(_) | Expr::Async(_)) {
            visit_mut::visit_expr_mut(self, expr);
        }
    }

    fn visit_local_mut(&mut self, local: &mut syn::Local) {
        if let Some(init) = &mut local.init
            && !self.is_done
            && taken::is_match_of(&init.expr, &self.receiver)
        {
            mark_scrutinee(&mut init.expr, self.number);
            self.is_done = true;
            return;
        }
        visit_mut::visit_local_mut(self, local);
    }

    fn visit_macro_mut(&mut self, mac: &mut syn::Macro) {
        macros::map_arguments(mac, |argument, _| self.visit_expr_mut(argument));
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}

/// Whether an expression is the call or the closure that was found.
fn is_it(expr: &Expr, receiver: &Receiver) -> bool {
    match (expr, receiver.action) {
        (Expr::MethodCall(call), Action::Call) => {
            root_local(&call.receiver) == Some(receiver.local)
                && receiver.occurrence.is_some()
                && occurrence(root_of(&call.receiver)) == receiver.occurrence
        }
        (Expr::Match(matching), Action::Match) => taken::is_match_of(&matching.expr, receiver),
        (Expr::Let(test), Action::Match) => taken::is_match_of(&test.expr, receiver),
        (Expr::Closure(_) | Expr::Async(_), Action::Capture) => {
            receiver.occurrence.is_some()
                && captured_parts(expr).contains(&(receiver.local, receiver.occurrence))
        }
        _ => false,
    }
}

/// The code in a statement that was found.
pub(super) fn find(
    body: &Body,
    (block, index): (BlockId, usize),
    receiver: &Receiver,
) -> Option<Expr> {
    struct Find<'a>(&'a Receiver, Option<Expr>);
    impl<'ast> Visit<'ast> for Find<'_> {
        fn visit_expr(&mut self, expr: &'ast Expr) {
            if is_it(expr, self.0) {
                self.1 = Some(expr.clone());
            } else if !matches!(expr, Expr::Closure(_) | Expr::Async(_)) {
                visit::visit_expr(self, expr);
            }
        }
        fn visit_local(&mut self, local: &'ast syn::Local) {
            match taken::matched_by(local) {
                Some(matching) if is_it(&matching, self.0) => self.1 = Some(matching),
                _ => visit::visit_local(self, local),
            }
        }
        fn visit_macro(&mut self, mac: &'ast syn::Macro) {
            let arguments = macros::arguments(mac);
            arguments.iter().flatten().for_each(|argument| self.visit_expr(&argument.expr));
        }
        fn visit_item(&mut self, _: &'ast syn::Item) {}
    }
    let mut find = Find(receiver, None);
    match body.blocks[block].statements.get(index) {
        Some(Statement::Eval(stmt)) => find.visit_stmt(stmt),
        Some(
            Statement::Init { value, .. }
            | Statement::Let { value, .. }
            | Statement::Hold { value, .. },
        ) => find.visit_expr(value),
        Some(_) => {}
        None => body.blocks[block].terminator_code().into_iter().for_each(|c| find.visit_expr(c)),
    }
    find.1
}

/// Whether something in a place may be used after a statement, before it has another value.
fn is_used_later(
    body: &Body,
    (block, index): (BlockId, usize),
    local: LocalId,
    place: &Expr,
) -> bool {
    let mut open = vec![(block, index + 1)];
    let statements = &body.blocks[block].statements;
    open.extend(statements.get(index).into_iter().flat_map(Statement::jumps).map(|to| (to, 0)));
    if index >= statements.len() {
        open = body.blocks[block].terminator.successors().into_iter().map(|to| (to, 0)).collect();
    }
    let mut seen = HashSet::new();
    while let Some((block, first)) = open.pop() {
        if first == 0 && !seen.insert(block) {
            continue;
        }
        let found = &body.blocks[block];
        let mut is_over = false;
        for statement in found.statements.iter().skip(first) {
            match use_of(body, statement, local, place) {
                Use::None => {}
                Use::Fill => is_over = true,
                Use::Look => return true,
            }
            // What is filled where a jump is, is so before it: if not, the mark is one too many.
            let is_filled = refills(&mut |find| find.statement(statement), local, place);
            let jumps = statement.jumps().into_iter().filter(|_| !is_filled);
            open.extend(jumps.map(|to| (to, 0)));
            if is_over {
                break;
            }
        }
        if is_over {
            continue;
        }
        for code in found.terminator_code() {
            if names(code, local, place) {
                return true;
            }
            open.extend(jumps_of(code).into_iter().map(|to| (to, 0)));
        }
        open.extend(found.terminator.successors().into_iter().map(|to| (to, 0)));
    }
    false
}

/// What a statement does with a place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    None,
    Fill,
    Look,
}

fn use_of(body: &Body, statement: &Statement, local: LocalId, place: &Expr) -> Use {
    let is_used = match statement {
        Statement::Declare(other) | Statement::Drop { local: other, .. } => {
            return if *other == local { Use::Fill } else { Use::None };
        }
        Statement::Eval(Stmt::Expr(Expr::Assign(assign), _)) if fills(assign, local, place) => {
            return if names(&assign.right, local, place) { Use::Look } else { Use::Fill };
        }
        Statement::Eval(stmt) => {
            let mut find = Names::of(local, place);
            find.visit_stmt(stmt);
            return find.first;
        }
        Statement::Init { value, .. }
        | Statement::Let { value, .. }
        | Statement::Hold { value, .. } => return first_use(value, local, place),
        other => analysis::mentions(body, other, local),
    };
    if is_used { Use::Look } else { Use::None }
}

/// Whether an assignment gives a place a value.
fn fills(assign: &syn::ExprAssign, local: LocalId, place: &Expr) -> bool {
    as_local(&assign.left) == Some(local)
        || part_of(&assign.left) == Some(local) && analysis::is_in_place(place, &assign.left)
}

/// Whether the code that a place is used in gives it a value as well.
fn is_refilled_in_code(
    body: &Body,
    (block, index): (BlockId, usize),
    local: LocalId,
    place: &Expr,
) -> bool {
    let block = &body.blocks[block];
    match block.statements.get(index) {
        Some(statement) => refills(&mut |find| find.statement(statement), local, place),
        None => block
            .terminator_code()
            .into_iter()
            .any(|code| refills(&mut |find| find.visit_expr(code), local, place)),
    }
}

/// Whether there is an assignment in code that gives a place a value.
fn refills(visit: &mut dyn FnMut(&mut FindFill<'_>), local: LocalId, place: &Expr) -> bool {
    let mut find = FindFill { local, place, is_found: false };
    visit(&mut find);
    find.is_found
}

struct FindFill<'a> {
    local: LocalId,
    place: &'a Expr,
    is_found: bool,
}

impl FindFill<'_> {
    fn statement(&mut self, statement: &Statement) {
        match statement {
            Statement::Eval(stmt) => self.visit_stmt(stmt),
            Statement::Init { value, .. }
            | Statement::Let { value, .. }
            | Statement::Hold { value, .. } => self.visit_expr(value),
            _ => {}
        }
    }
}

impl<'ast> Visit<'ast> for FindFill<'_> {
    fn visit_expr_assign(&mut self, assign: &'ast syn::ExprAssign) {
        self.is_found |= fills(assign, self.local, self.place);
        visit::visit_expr_assign(self, assign);
    }

    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        let arguments = macros::arguments(mac);
        arguments.iter().flatten().for_each(|argument| self.visit_expr(&argument.expr));
    }
}

/// Whether code names something that a place has in it, or is in, before it gives it a value.
fn names(code: &Expr, local: LocalId, place: &Expr) -> bool {
    first_use(code, local, place) == Use::Look
}

/// What code does with a place first. What it does after it has given it a value, be it on one way only, it does
/// with another value: else it would use one that may be gone.
fn first_use(code: &Expr, local: LocalId, place: &Expr) -> Use {
    let mut find = Names::of(local, place);
    find.visit_expr(code);
    find.first
}

struct Names<'a> {
    local: LocalId,
    place: &'a Expr,
    first: Use,
}

impl<'a> Names<'a> {
    fn of(local: LocalId, place: &'a Expr) -> Self {
        Names { local, place, first: Use::None }
    }

    fn note(&mut self, is_named: bool, found: Use) {
        if is_named && self.first == Use::None {
            self.first = found;
        }
    }
}

impl<'ast> Visit<'ast> for Names<'_> {
    fn visit_expr(&mut self, expr: &'ast Expr) {
        if let Expr::Assign(assign) = expr
            && fills(assign, self.local, self.place)
        {
            self.visit_expr(&assign.right);
            self.note(true, Use::Fill);
        } else if part_of(expr) == Some(self.local) {
            self.note(analysis::do_overlap(expr, self.place), Use::Look);
        } else if root_local(expr) == Some(self.local) {
            self.note(true, Use::Look);
        } else {
            visit::visit_expr(self, expr);
        }
    }

    fn visit_ident(&mut self, ident: &'ast syn::Ident) {
        self.note(hir::LocalId::from_unique(ident) == Some(self.local), Use::Look);
    }

    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        match macros::arguments(mac) {
            Some(arguments) => arguments.iter().for_each(|each| self.visit_expr(&each.expr)),
            None => self.note(locals_in(&mac.tokens).contains(&self.local), Use::Look),
        }
    }
}
