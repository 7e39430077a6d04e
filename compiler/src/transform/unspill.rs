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
//! A holder is a future that has run the code once and keeps what is left of `x` until it is
//! dropped. The witness moves `x` as well, so a reference to `x` that is used later is an error;
//! where there may be one, and for methods that borrow by convention, `x` stays a place.
//!
//! While it panics, rustc drops the variables of a block before the guard drops what is saved. So
//! a variable is followed by a guard of its own for what was declared after `x`, and nothing is
//! held if something was that may need a drop.

use std::collections::HashSet;

use syn::visit_mut::VisitMut;
use syn::{Expr, Ident, Pat};

use crate::analysis::{Analysis, Home};
use crate::hir::{Local, LocalId, LocalKind, as_local, occurrence, uses};
use crate::mir::{BlockId, Body, DropKind, Statement, Terminator, generated, jumps_of};

/// A last use to change.
struct LastUse {
    block: BlockId,
    index: usize,
    local: LocalId,
    /// The number of the use.
    occurrence: Option<usize>,
    is_held: bool,
}

/// Changes all last uses where it can be done. The result are the uses, by their number, before
/// whose statement the witness must move the variable as well.
pub fn unspill(body: &mut Body, analysis: &Analysis) -> HashSet<usize> {
    let mut found = Vec::new();
    for block in body.reachable() {
        for index in 0..=body.blocks[block].statements.len() {
            found.extend(last_uses(body, analysis, block, index));
        }
    }
    for last in found.iter().rev() {
        match last.is_held {
            true => hold(body, last),
            false => move_back(body, last),
        }
    }
    found.into_iter().filter_map(|last| last.occurrence).collect()
}

/// The last uses in a statement, or in the terminator, that must be changed.
fn last_uses(body: &Body, analysis: &Analysis, block: BlockId, index: usize) -> Vec<LastUse> {
    let mut receivers = Receivers(Vec::new());
    match body.blocks[block].statements.get(index) {
        Some(Statement::Init { value, .. } | Statement::Let { value, .. }) => {
            receivers.visit_expr_mut(&mut value.clone());
        }
        Some(Statement::Eval(stmt)) => receivers.visit_stmt_mut(&mut stmt.clone()),
        Some(_) => {}
        None => {
            if let Terminator::Return { value: Some(value) } = &body.blocks[block].terminator {
                receivers.visit_expr_mut(&mut value.clone());
            }
        }
    }
    let mut found: Vec<LastUse> = Vec::new();
    for (local, occurrence, borrows) in receivers.0 {
        let is_known = found.iter().any(|last| last.local == local);
        if is_known || !is_last_use(body, analysis, block, index, local) {
            continue;
        }
        let is_held = !ends_here(body, block, index, local);
        let can_hold = || {
            !borrows
                && found.is_empty()
                && can_hold(body, block, index)
                && !outlived(body, analysis, block, index, local)
        };
        if !is_held || can_hold() {
            found.push(LastUse { block, index, local, occurrence, is_held });
        }
        if is_held && !found.is_empty() {
            break;
        }
    }
    let position = |id: LocalId| body.declared.iter().position(|declared| *declared == id);
    found.sort_by_key(|last| position(last.local));
    found
}

fn is_last_use(
    body: &Body,
    analysis: &Analysis,
    block: BlockId,
    index: usize,
    local: LocalId,
) -> bool {
    let declared = &body.locals[local];
    analysis.homes[local] != Home::Block
        && !declared.is_copy
        && !declared.is_plain
        && declared.kind != LocalKind::Awaited
        && analysis.is_filled_once(body, local)
        && !analysis.is_live_after(body, block, index, local)
        && !analysis.is_referenced(body, block, index, local)
}

/// Whether the scope of a local ends in the same block, after a statement.
fn ends_here(body: &Body, block: BlockId, index: usize, local: LocalId) -> bool {
    let block = &body.blocks[block];
    let is_left = matches!(block.terminator, Terminator::Return { .. } | Terminator::Unreachable);
    let rest = block.statements.get(index + 1..).unwrap_or_default();
    is_left || rest.iter().any(|statement| is_end(statement, local))
}

fn is_end(statement: &Statement, local: LocalId) -> bool {
    matches!(statement, Statement::Drop { local: ended, .. } if *ended == local)
}

/// Whether a saved local that was declared later may hold a value that must be dropped earlier.
fn outlived(
    body: &Body,
    analysis: &Analysis,
    block: BlockId,
    index: usize,
    local: LocalId,
) -> bool {
    let position = |id: LocalId| body.declared.iter().position(|declared| *declared == id);
    body.declared.iter().any(|other| {
        *other != local
            && position(*other) > position(local)
            && analysis.homes[*other] != Home::Block
            && !body.locals[*other].is_plain
            && analysis.init.before(body, block, index, *other).maybe_filled
    })
}

/// Whether a statement is one whose code can run inside a holder.
fn can_hold(body: &Body, block: BlockId, index: usize) -> bool {
    match body.blocks[block].statements.get(index) {
        Some(Statement::Init { value, .. }) => stays(value),
        Some(Statement::Let { pat: Pat::Ident(pat), ty: None, value, .. }) => {
            pat.by_ref.is_none() && pat.subpat.is_none() && stays(value)
        }
        Some(Statement::Eval(syn::Stmt::Expr(value, Some(_)))) => {
            stays(value) && matches!(value, Expr::MethodCall(_) | Expr::Call(_))
        }
        _ => false,
    }
}

/// Whether control stays in an expression.
fn stays(expr: &Expr) -> bool {
    struct Leaves(bool);
    impl<'ast> syn::visit::Visit<'ast> for Leaves {
        fn visit_expr(&mut self, expr: &'ast Expr) {
            match expr {
                Expr::Closure(_) | Expr::Async(_) => {}
                Expr::Try(_) | Expr::Return(_) | Expr::Break(_) | Expr::Continue(_) => {
                    self.0 = true;
                }
                _ => syn::visit::visit_expr(self, expr),
            }
        }
        fn visit_macro(&mut self, mac: &'ast syn::Macro) {
            match crate::ast::macros::arguments(mac) {
                Some(arguments) => arguments.iter().for_each(|a| self.visit_expr(&a.expr)),
                None => self.0 = true,
            }
        }
    }
    let mut leaves = Leaves(!jumps_of(expr).is_empty());
    syn::visit::Visit::visit_expr(&mut leaves, expr);
    !leaves.0
}

/// Evaluates the statement inside a holder, which is dropped where the local would be.
fn hold(body: &mut Body, last: &LastUse) {
    let holder = body.locals.push(temporary("holder"));
    let position = body.declared.iter().position(|id| *id == last.local).expect("it is declared");
    body.declared.insert(position + 1, holder);
    for block in body.blocks.iter_mut() {
        if let Some(at) = block.in_scope.iter().position(|id| *id == last.local) {
            block.in_scope.insert(at + 1, holder);
        }
    }
    let ids: Vec<BlockId> = body.blocks.ids().collect();
    for id in ids {
        let statements = std::mem::take(&mut body.blocks[id].statements);
        for (index, statement) in statements.into_iter().enumerate() {
            if is_end(&statement, last.local) {
                let drop = Statement::Drop { local: holder, kind: DropKind::Unknown };
                body.blocks[id].statements.push(drop);
            }
            match (id, index) == (last.block, last.index) {
                true => {
                    let held = held(body, statement, holder, last.local);
                    body.blocks[id].statements.extend(held);
                }
                false => body.blocks[id].statements.push(statement),
            }
        }
    }
}

/// The statements that take the place of one that is held.
fn held(body: &mut Body, statement: Statement, holder: LocalId, moved: LocalId) -> Vec<Statement> {
    let moves = vec![moved];
    match statement {
        Statement::Init { local, value } => vec![Statement::Hold { holder, local, value, moves }],
        Statement::Let { pat: Pat::Ident(pat), value, .. } => {
            let local = LocalId::from_unique(&pat.ident).expect("it is a binding");
            vec![Statement::Hold { holder, local, value, moves }]
        }
        Statement::Eval(syn::Stmt::Expr(value, semicolon)) => {
            let local = body.locals.push(temporary("value"));
            body.declared.push(local);
            let name = body.locals[local].unique(local, body.locals[local].name.span());
            let dropped = syn::Stmt::Expr(syn::parse_quote!(#name), semicolon);
            let hold = Statement::Hold { holder, local, value, moves };
            vec![Statement::Declare(local), hold, Statement::Eval(dropped)]
        }
        other => vec![other],
    }
}

fn temporary(name: &str) -> Local {
    Local {
        name: generated(name),
        kind: LocalKind::Temporary,
        is_mutable: false,
        ty: None,
        is_plain: false,
        is_number: false,
        is_copy: false,
        is_anonymous: true,
    }
}

/// Makes the local a variable of the block from the statement on.
///
/// Other variables may have been moved before the same statement already.
fn move_back(body: &mut Body, last: &LastUse) {
    let LastUse { block, index, local, .. } = *last;
    let mut declared = body.locals[local].clone();
    if declared.kind == LocalKind::Argument {
        declared.kind = LocalKind::Binding;
    }
    let variable = body.locals.push(declared);
    body.declared.push(variable);
    let unique = |id: LocalId| body.locals[id].unique(id, body.locals[id].name.span());
    let (old, new) = (unique(local), unique(variable));
    let block = &mut body.blocks[block];
    let mut rename = Rename { from: local, to: new.clone() };
    let is_moved = |statement: &Statement| {
        matches!(statement, Statement::Let { value, .. } if as_local(value).is_some())
            || matches!(statement, Statement::Later(_))
    };
    let moved = block.statements[index..].iter().take_while(|s| is_moved(s)).count();
    match block.statements.get_mut(index + moved) {
        Some(Statement::Init { value, .. } | Statement::Let { value, .. }) => {
            rename.visit_expr_mut(value);
        }
        Some(Statement::Eval(stmt)) => rename.visit_stmt_mut(stmt),
        _ => {
            if let Terminator::Return { value: Some(value) } = &mut block.terminator {
                rename.visit_expr_mut(value);
            }
        }
    }
    let end = block.statements.iter().skip(index).position(|statement| is_end(statement, local));
    if let Some(end) = end {
        let drop = Statement::Drop { local: variable, kind: DropKind::Unknown };
        block.statements.insert(index + end, drop);
    }
    let attributes = Vec::new();
    let (pat, value) = (syn::parse_quote!(mut #new), syn::parse_quote!(#old));
    block.statements.insert(index, Statement::Later(local));
    block.statements.insert(index, Statement::Let { attributes, pat, ty: None, value });
}

/// Finds the receivers of methods that may consume them, and calls of variables: which local, the
/// number of the use, and whether the method borrows by convention.
struct Receivers(Vec<(LocalId, Option<usize>, bool)>);

impl VisitMut for Receivers {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        let (called, borrows) = match expr {
            Expr::Closure(_) | Expr::Async(_) => return,
            Expr::MethodCall(call) => {
                let method = call.method.to_string();
                let is_known = uses::consumes_receiver(&method);
                (Some(&call.receiver).filter(|_| !is_known), uses::borrows_receiver(&method))
            }
            Expr::Call(call) => (Some(&call.func), false),
            _ => (None, false),
        };
        if let Some(called) = called
            && let Some(local) = as_local(called)
        {
            self.0.push((local, occurrence(called), borrows));
        }
        syn::visit_mut::visit_expr_mut(self, expr);
    }

    fn visit_macro_mut(&mut self, mac: &mut syn::Macro) {
        crate::ast::macros::map_arguments(mac, |argument, _| self.visit_expr_mut(argument));
    }
}

/// Renames the uses of one local.
struct Rename {
    from: LocalId,
    to: Ident,
}

impl Rename {
    fn tokens(&self, tokens: proc_macro2::TokenStream) -> proc_macro2::TokenStream {
        use proc_macro2::{Group, TokenTree};
        let rename = |tree: TokenTree| match tree {
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), self.tokens(group.stream()));
                inner.set_span(group.span());
                TokenTree::Group(inner)
            }
            TokenTree::Ident(ident) if LocalId::from_unique(&ident) == Some(self.from) => {
                let mut to = self.to.clone();
                to.set_span(ident.span());
                TokenTree::Ident(to)
            }
            tree => tree,
        };
        tokens.into_iter().map(rename).collect()
    }
}

impl VisitMut for Rename {
    fn visit_ident_mut(&mut self, ident: &mut Ident) {
        if LocalId::from_unique(ident) == Some(self.from) {
            let span = ident.span();
            *ident = self.to.clone();
            ident.set_span(span);
        }
    }

    fn visit_macro_mut(&mut self, mac: &mut syn::Macro) {
        mac.tokens = self.tokens(std::mem::take(&mut mac.tokens));
    }
}
