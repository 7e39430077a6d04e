//! Marks on code that may take a part of a local, of which others are used later: calls, and closures
//! that capture by value. rustc decides what they take.

use syn::visit::{self, Visit};
use syn::{Attribute, Expr, ExprMethodCall, LitInt, Pat, parse_quote};

use super::uses::part_of;
use super::{LocalId, as_local, destructure, locals_in, root_local};
use crate::ast::macros;
use crate::index::Id;

/// Marks a call as the one with a number, of all that may take a part of a local.
pub fn mark_part(call: &mut ExprMethodCall, number: usize) {
    call.attrs.push(parse_quote!(#[__part(#number)]));
}

/// The number of a marked call.
pub fn part_mark(call: &ExprMethodCall) -> Option<usize> {
    call.attrs.iter().find_map(|attribute| numbers(attribute, "__part")?.first().copied())
}

/// Marks what a match takes apart as the one with a number, of all that may take a part of a local.
pub fn mark_scrutinee(scrutinee: &mut Expr, number: usize) {
    let inner = Box::new(std::mem::replace(scrutinee, Expr::PLACEHOLDER));
    let attrs = vec![parse_quote!(#[__part(#number)])];
    *scrutinee =
        Expr::Paren(syn::ExprParen { attrs, paren_token: Default::default(), expr: inner });
}

/// The number of a marked scrutinee.
pub fn scrutinee_mark(scrutinee: &Expr) -> Option<usize> {
    let Expr::Paren(paren) = scrutinee else { return None };
    paren.attrs.iter().find_map(|attribute| numbers(attribute, "__part")?.first().copied())
}

/// Marks a closure or `async` block as one that captures parts of a local. The number makes it
/// different from all others.
pub fn mark_parted(closure: &mut Expr, local: LocalId, number: usize) {
    let index = local.index();
    let mark = parse_quote!(#[__parted(#index, #number)]);
    match closure {
        Expr::Closure(closure) => closure.attrs.push(mark),
        Expr::Async(block) => block.attrs.push(mark),
        _ => {}
    }
}

/// The locals of which a closure or `async` block captures parts, by such marks.
pub fn parted_locals(closure: &Expr) -> Vec<LocalId> {
    let marks = attributes(closure).iter().filter_map(|mark| numbers(mark, "__parted"));
    marks.filter_map(|numbers| numbers.first().copied().map(LocalId::new)).collect()
}

/// Takes the marks off a closure or `async` block.
pub fn unmark_parted(closure: &mut Expr) {
    let attributes = match closure {
        Expr::Closure(closure) => &mut closure.attrs,
        Expr::Async(block) => &mut block.attrs,
        _ => return,
    };
    attributes.retain(|mark| numbers(mark, "__parted").is_none());
}

fn attributes(closure: &Expr) -> &[Attribute] {
    match closure {
        Expr::Closure(closure) => &closure.attrs,
        Expr::Async(block) => &block.attrs,
        _ => &[],
    }
}

fn numbers(mark: &Attribute, name: &str) -> Option<Vec<usize>> {
    if !mark.path().is_ident(name) {
        return None;
    }
    let list = syn::punctuated::Punctuated::<LitInt, syn::Token![,]>::parse_terminated;
    let numbers = mark.parse_args_with(list).ok()?;
    numbers.iter().map(|number| number.base10_parse().ok()).collect()
}

/// The places through which code uses a local, each as far as its fields go. None if some use is
/// not of a field, or takes a field apart: what is captured then, the syntax does not show.
pub fn paths_in(code: &Expr, local: LocalId) -> Option<Vec<Expr>> {
    let mut find = FindPaths { local, paths: Vec::new(), is_other: false };
    find.visit_expr(code);
    (!find.is_other).then_some(find.paths)
}

struct FindPaths {
    local: LocalId,
    paths: Vec<Expr>,
    /// Whether it is used in another way.
    is_other: bool,
}

impl FindPaths {
    fn scrutinee(&mut self, scrutinee: &Expr, pat: &Pat) {
        let is_taken_apart = !destructure::is_binding(pat);
        self.is_other |= is_taken_apart && root_local(scrutinee) == Some(self.local);
    }
}

impl<'ast> Visit<'ast> for FindPaths {
    fn visit_expr(&mut self, expr: &'ast Expr) {
        match expr {
            expr if part_of(expr) == Some(self.local) => self.paths.push(expr.clone()),
            expr if as_local(expr) == Some(self.local) => self.is_other = true,
            expr => visit::visit_expr(self, expr),
        }
    }

    fn visit_expr_assign(&mut self, assign: &'ast syn::ExprAssign) {
        if matches!(*assign.left, Expr::Infer(_)) {
            self.is_other |= root_local(&assign.right) == Some(self.local);
        }
        visit::visit_expr_assign(self, assign);
    }

    fn visit_expr_match(&mut self, matching: &'ast syn::ExprMatch) {
        matching.arms.iter().for_each(|arm| self.scrutinee(&matching.expr, &arm.pat));
        visit::visit_expr_match(self, matching);
    }

    fn visit_expr_let(&mut self, test: &'ast syn::ExprLet) {
        self.scrutinee(&test.expr, &test.pat);
        visit::visit_expr_let(self, test);
    }

    fn visit_local(&mut self, declared: &'ast syn::Local) {
        if let Some(init) = &declared.init {
            self.scrutinee(&init.expr, &declared.pat);
        }
        visit::visit_local(self, declared);
    }

    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        match macros::arguments(mac) {
            Some(arguments) => arguments.iter().for_each(|each| self.visit_expr(&each.expr)),
            None => self.is_other |= locals_in(&mac.tokens).contains(&self.local),
        }
    }

    fn visit_ident(&mut self, ident: &'ast syn::Ident) {
        self.is_other |= LocalId::from_unique(ident) == Some(self.local);
    }
}
