//! Open scopes, and what leaving them drops.

use proc_macro2::Span;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr as Code, ExprBreak, ExprContinue};

use super::super::{DropKind, Statement, Terminator, jump_label};
use super::{Builder, Dest};
use crate::ast::macros;
use crate::hir::{LabelId, LocalId};

impl Builder {
    pub(super) fn open_scope(&mut self) {
        self.scopes.push(Vec::new());
    }

    /// Ends the innermost scope: its locals are dropped in reverse.
    pub(super) fn close_scope(&mut self) {
        let locals = self.scopes.pop().expect("a scope is open");
        self.drop_all(&locals);
    }

    pub(super) fn drop_all(&mut self, locals: &[LocalId]) {
        for local in locals.iter().rev() {
            self.push(Statement::Drop { local: *local, kind: DropKind::Unknown });
        }
    }

    /// Begins the scope of a local that holds nothing yet.
    pub(super) fn declare(&mut self, local: LocalId) {
        self.enter_scope(local);
        self.push(Statement::Declare(local));
    }

    /// Begins the scope of a local that another statement declares.
    pub(super) fn enter_scope(&mut self, local: LocalId) {
        self.scopes.last_mut().expect("a scope is open").push(local);
        self.body.declared.push(local);
        self.body.locals[local].depth = self.scopes.len();
    }

    /// Drops what the scopes above `depth` hold, without closing them.
    pub(super) fn drop_scopes(&mut self, depth: usize) {
        let open: Vec<LocalId> = self.scopes[depth..].iter().flatten().copied().collect();
        self.drop_all(&open);
    }

    /// Makes each `break` and `continue` that leaves user code a jump to a block of its own.
    pub(super) fn redirect(&mut self, code: &mut Code) {
        Redirect { builder: self }.visit_expr_mut(code);
    }

    /// As `redirect`, for a statement.
    pub(super) fn redirect_stmt(&mut self, stmt: &mut syn::Stmt) {
        Redirect { builder: self }.visit_stmt_mut(stmt);
    }

    /// A block that leaves the scopes inside a loop or labelled block and goes where it goes on.
    fn exit(&mut self, label: LabelId, is_continue: bool) -> Option<super::BlockId> {
        let target = self.targets.get(&label)?;
        let (depth, goal) = match is_continue {
            true => (target.depth, target.next?),
            false => (target.depth, target.after),
        };
        let exit = self.new_block(false);
        let current = self.current.replace(exit);
        self.start(exit);
        self.drop_scopes(depth);
        self.terminate(Terminator::Goto(goal));
        self.current = current;
        Some(exit)
    }
}

/// Rewrites the jumps in a piece of code.
struct Redirect<'a> {
    builder: &'a mut Builder,
}

impl Redirect<'_> {
    fn jump(&mut self, label: Option<&syn::Lifetime>, is_continue: bool) -> Option<syn::Lifetime> {
        let label = label?;
        let exit = self.builder.exit(LabelId::from_unique(label)?, is_continue)?;
        Some(jump_label(exit, label.span()))
    }

    /// `break 'loop value` stores the value first.
    fn store(&self, label: &syn::Lifetime, value: Code) -> Option<Store> {
        let target = LabelId::from_unique(label).and_then(|id| self.builder.targets.get(&id));
        Some(match target.map(|target| target.dest) {
            None => Store::Whole(syn::parse_quote!(break #label #value)),
            Some(Dest::Local(local)) => {
                let place = self.builder.local(local);
                Store::Before(syn::parse_quote!(#place = #value))
            }
            Some(Dest::Nowhere) => Store::Before(syn::parse_quote!({ #value; })),
            Some(Dest::Return) => Store::Whole(syn::parse_quote!(return #value)),
        })
    }
}

/// In place of a jump to a label that does not exist, which the witness has as well: the error is
/// about that one.
fn never() -> Code {
    syn::parse_quote_spanned!(Span::mixed_site()=> ::core::unreachable!())
}

/// What becomes of the value of a `break`.
enum Store {
    /// It is evaluated before the jump.
    Before(Code),
    /// It takes the place of the jump.
    Whole(Code),
}

impl VisitMut for Redirect<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Code) {
        visit_mut::visit_expr_mut(self, expr);
        match expr {
            Code::Break(ExprBreak { label: Some(label), .. })
            | Code::Continue(ExprContinue { label: Some(label), .. })
                if LabelId::from_unique(label).is_none() =>
            {
                *expr = never();
            }
            Code::Break(jump) => {
                let label = jump.label.clone();
                let store = match (&label, jump.expr.take()) {
                    (Some(label), Some(value)) => self.store(label, *value),
                    (_, value) => {
                        jump.expr = value;
                        None
                    }
                };
                if let Some(Store::Whole(leave)) = store {
                    *expr = leave;
                    return;
                }
                let Some(target) = self.jump(label.as_ref(), false) else { return };
                jump.label = Some(target);
                if let Some(Store::Before(store)) = store {
                    *expr = syn::parse_quote!({ #store; #jump });
                }
            }
            Code::Continue(jump) => {
                let Some(target) = self.jump(jump.label.as_ref(), true) else { return };
                *expr = syn::parse_quote!(break #target);
            }
            _ => {}
        }
    }

    fn visit_macro_mut(&mut self, mac: &mut syn::Macro) {
        macros::map_arguments(mac, |argument, _| self.visit_expr_mut(argument));
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}
