//! What closures take of the locals that they name.
//!
//! rustc captures just the parts of a variable that a closure uses. The macro can have it do so
//! where the variable is used for the last time.

use syn::visit::{self, Visit};
use syn::{Expr, Pat};

use super::uses::{self, Certainty, UseKind, Visitor};
use super::{LocalId, as_local, destructure, locals_in, occurrence};
use crate::ast::macros;

/// The locals of which a closure or `async` block may take just parts, each with the number of a use.
pub fn captured_parts(closure: &Expr) -> Vec<(LocalId, Option<usize>)> {
    let is_move = match closure {
        Expr::Closure(closure) => closure.capture.is_some(),
        Expr::Async(block) => block.capture.is_some(),
        _ => return Vec::new(),
    };
    let mut taken = Taken(Vec::new());
    uses::walk_capture(&mut closure.clone(), is_move, &mut taken);
    taken.0.retain(|(local, _)| names_parts_only(closure, *local));
    taken.0
}

/// Whether code names a local only to use parts of it: rustc captures just these.
pub fn names_parts_only(code: &Expr, local: LocalId) -> bool {
    let mut find = FindWhole(local, false);
    find.visit_expr(code);
    !find.1
}

struct FindWhole(LocalId, bool);

impl FindWhole {
    /// Visits what a pattern takes apart.
    fn scrutinee(&mut self, scrutinee: &Expr, is_whole: bool) {
        if is_whole || as_local(scrutinee) != Some(self.0) {
            self.visit_expr(scrutinee);
        }
    }
}

impl<'ast> Visit<'ast> for FindWhole {
    fn visit_expr_field(&mut self, field: &'ast syn::ExprField) {
        self.scrutinee(&field.base, false);
    }

    fn visit_expr_match(&mut self, matching: &'ast syn::ExprMatch) {
        self.scrutinee(&matching.expr, matching.arms.iter().any(|arm| binds_all(&arm.pat)));
        matching.arms.iter().for_each(|arm| self.visit_arm(arm));
    }

    fn visit_expr_let(&mut self, test: &'ast syn::ExprLet) {
        self.scrutinee(&test.expr, binds_all(&test.pat));
        self.visit_pat(&test.pat);
    }

    fn visit_local(&mut self, local: &'ast syn::Local) {
        match &local.init {
            Some(init) if init.diverge.is_none() && !binds_all(&local.pat) => {
                self.scrutinee(&init.expr, false);
            }
            _ => visit::visit_local(self, local),
        }
    }

    fn visit_ident(&mut self, ident: &'ast syn::Ident) {
        self.1 |= LocalId::from_unique(ident) == Some(self.0);
    }

    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        match macros::arguments(mac) {
            Some(arguments) => arguments.iter().for_each(|each| self.visit_expr(&each.expr)),
            None => self.1 |= locals_in(&mac.tokens).contains(&self.0),
        }
    }
}

/// Whether a pattern binds all of a value to one name.
fn binds_all(pat: &Pat) -> bool {
    match pat {
        Pat::Ident(ident) => LocalId::from_unique(&ident.ident).is_some(),
        Pat::Guard(guarded) => binds_all(&guarded.pat),
        pat => destructure::is_binding(pat),
    }
}

struct Taken(Vec<(LocalId, Option<usize>)>);

impl Visitor for Taken {
    fn local(&mut self, expr: &mut Expr, local: LocalId, kind: UseKind, _: Certainty) {
        let is_taken = matches!(kind, UseKind::Move | UseKind::Capture);
        if is_taken && !self.0.iter().any(|(known, _)| *known == local) {
            self.0.push((local, occurrence(expr)));
        }
    }

    fn assign(&mut self, _: &mut Expr, _: LocalId, _: Certainty) {}
}
