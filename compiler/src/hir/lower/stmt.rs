//! Blocks and statements.

use syn::spanned::Spanned;
use syn::{Expr as Syntax, Local, Pat, Stmt as SyntaxStmt};

use super::super::{Block, Expr, Let, LocalKind, Split, Stmt, root_local};
use super::{Lowering, place};
use crate::ast::suspends;
use crate::diagnostics;
use crate::hir::destructure;

impl Lowering {
    /// Lowers a block, each of whose statements is looked at: it contains a suspension, or is the
    /// body.
    pub(super) fn block(&mut self, block: &syn::Block) -> Block {
        let mut stmts = Vec::new();
        let mut tail = None;
        let last = block.stmts.len().saturating_sub(1);
        for (index, stmt) in block.stmts.iter().enumerate() {
            match stmt {
                SyntaxStmt::Item(item) => self.item(item, block),
                SyntaxStmt::Local(local) => self.binding_stmt(local, &mut stmts),
                SyntaxStmt::Expr(expr, None) if index == last => {
                    tail = Some(Box::new(self.terminating(expr)));
                }
                SyntaxStmt::Expr(expr, Some(_)) if suspends(expr) && drops_late(expr) => {
                    stmts.push(self.ignored(expr));
                }
                SyntaxStmt::Expr(expr, _) if suspends(expr) => {
                    let expr = self.expr(expr);
                    stmts.push(Stmt::Expr(expr));
                }
                SyntaxStmt::Macro(mac) => {
                    self.macro_stmt(mac, index == last, &mut stmts, &mut tail)
                }
                SyntaxStmt::Expr(..) => stmts.push(Stmt::Code(stmt.clone())),
            }
        }
        Block { stmts, tail }
    }

    /// A statement that is control flow with a value: it is dropped after the locals inside.
    fn ignored(&mut self, expr: &Syntax) -> Stmt {
        let underscore_token = syn::Token![_](expr.span());
        let pat = Pat::Wild(syn::PatWild { attrs: Vec::new(), underscore_token });
        let init = Some(self.expr(expr));
        Stmt::Let(Let { attributes: Vec::new(), pat, ty: None, init, otherwise: None })
    }

    fn macro_stmt(
        &mut self,
        mac: &syn::StmtMacro,
        is_last: bool,
        stmts: &mut Vec<Stmt>,
        tail: &mut Option<Box<Expr>>,
    ) {
        let expr = Syntax::Macro(syn::ExprMacro { attrs: mac.attrs.clone(), mac: mac.mac.clone() });
        if is_last && mac.semi_token.is_none() {
            *tail = Some(Box::new(self.terminating(&expr)));
        } else if suspends(&expr) {
            let expr = self.expr(&expr);
            stmts.push(Stmt::Expr(expr));
        } else {
            stmts.push(Stmt::Code(SyntaxStmt::Macro(mac.clone())));
        }
    }

    /// Lowers `let`. Temporaries whose life it extends become bindings of their own before it.
    fn binding_stmt(&mut self, local: &Local, stmts: &mut Vec<Stmt>) {
        let (pat, mut ty) = match &local.pat {
            Pat::Type(typed) => ((*typed.pat).clone(), Some((*typed.ty).clone())),
            pat => (pat.clone(), None),
        };
        let mut init = None;
        let mut otherwise = None;
        if let Some(given) = &local.init {
            let mut value = (*given.expr).clone();
            let is_part = place::is_place(&value);
            if destructure::binds_by_reference(&pat) && (!is_part || place::is_temporary(&value)) {
                match place::rvalue_base(&mut value).filter(|_| is_part) {
                    Some(base) => self.extend(base, None, stmts),
                    None => self.extend(&mut value, ty.take(), stmts),
                }
                if destructure::binds_by_value(&pat) && root_local(&value).is_some() {
                    return self.split_binding(pat, value, given, stmts);
                }
            } else {
                ExtendTemporaries { lowering: self, stmts }.visit_extending(&mut value);
            }
            init = Some(self.expr(&value));
            otherwise = given.diverge.as_ref().map(|(_, block)| self.otherwise(block));
        }
        stmts.push(Stmt::Let(Let { attributes: local.attrs.clone(), pat, ty, init, otherwise }));
    }

    /// Binds parts of a temporary by value and others by reference: it lives on as what is left.
    fn split_binding(
        &mut self,
        pat: Pat,
        place: Syntax,
        given: &syn::LocalInit,
        stmts: &mut Vec<Stmt>,
    ) {
        let holder = self.temporary("rest", LocalKind::Temporary, pat.span());
        let otherwise = given.diverge.as_ref().map(|(_, block)| self.otherwise(block));
        stmts.push(Stmt::Split(Split { pat, place, holder, otherwise }));
    }

    fn otherwise(&mut self, block: &Syntax) -> Block {
        match block {
            Syntax::Block(block) => self.block(&block.block),
            expr => Block { stmts: Vec::new(), tail: Some(self.boxed(expr)) },
        }
    }

    /// Makes `value` a binding of its own, and a use of it.
    fn extend(&mut self, value: &mut Syntax, ty: Option<syn::Type>, stmts: &mut Vec<Stmt>) {
        let span = value.span();
        let local = self.temporary("extended", LocalKind::Temporary, span);
        let init = Some(self.expr(value));
        let mut pat = self.binding(local, span);
        if let Pat::Ident(ident) = &mut pat {
            ident.mutability = Some(syn::Token![mut](span));
        }
        stmts.push(Stmt::Let(Let { attributes: Vec::new(), pat, ty, init, otherwise: None }));
        *value = self.local(local, span);
    }
}

/// Whether the value of an expression comes from a scope inside it.
fn drops_late(expr: &Syntax) -> bool {
    match expr {
        Syntax::Paren(paren) => drops_late(&paren.expr),
        Syntax::Block(inner) => ends_in_value(&inner.block),
        Syntax::Unsafe(inner) => ends_in_value(&inner.block),
        Syntax::If(branch) => {
            ends_in_value(&branch.then_branch)
                || branch.else_branch.as_ref().is_some_and(|(_, otherwise)| drops_late(otherwise))
        }
        Syntax::Match(matching) => matching.arms.iter().any(|arm| match &*arm.body {
            Syntax::Block(_) | Syntax::If(_) | Syntax::Match(_) => drops_late(&arm.body),
            body => !is_unit(body),
        }),
        _ => false,
    }
}

fn ends_in_value(block: &syn::Block) -> bool {
    match block.stmts.last() {
        Some(SyntaxStmt::Expr(Syntax::Block(_) | Syntax::If(_) | Syntax::Match(_), None)) => {
            matches!(block.stmts.last(), Some(SyntaxStmt::Expr(tail, _)) if drops_late(tail))
        }
        Some(SyntaxStmt::Expr(tail, None)) => !is_unit(tail),
        _ => false,
    }
}

/// Whether an expression has no value that could be dropped.
fn is_unit(expr: &Syntax) -> bool {
    match expr {
        Syntax::Tuple(tuple) => tuple.elems.is_empty(),
        Syntax::Assign(_) | Syntax::While(_) | Syntax::ForLoop(_) => true,
        expr => crate::hir::uses::diverges(expr),
    }
}

/// Whether a macro call is `pin!`, which keeps its argument alive as `&mut` does.
fn is_pin(mac: &syn::Macro) -> bool {
    mac.path.segments.last().is_some_and(|segment| segment.ident == "pin")
}

/// Finds the operands of `&` whose temporaries a `let` keeps alive to the end of the block.
struct ExtendTemporaries<'a, 'b> {
    lowering: &'a mut Lowering,
    stmts: &'b mut Vec<Stmt>,
}

impl ExtendTemporaries<'_, '_> {
    /// Walks the extending expressions of the Reference's "temporary lifetime extension".
    fn visit_extending(&mut self, expr: &mut Syntax) {
        match expr {
            Syntax::Reference(reference) => {
                let operand = &mut *reference.expr;
                if place::is_promotable(operand) {
                    return;
                }
                if place::is_place(operand) {
                    if let Some(base) = place::rvalue_base(operand) {
                        self.lowering.extend(base, None, self.stmts);
                    }
                    return;
                }
                self.visit_extending(operand);
                self.lowering.extend(operand, None, self.stmts);
            }
            Syntax::Macro(mac) if is_pin(&mac.mac) => {
                if let Ok(mut pinned) = mac.mac.parse_body::<Syntax>() {
                    self.lowering.extend(&mut pinned, None, self.stmts);
                    *expr = syn::parse_quote!(::coframe::__private::pin(&mut #pinned));
                }
            }
            Syntax::Cast(cast) => self.visit_extending(&mut cast.expr),
            Syntax::Paren(paren) => self.visit_extending(&mut paren.expr),
            Syntax::Tuple(tuple) => tuple.elems.iter_mut().for_each(|e| self.visit_extending(e)),
            Syntax::Array(array) => array.elems.iter_mut().for_each(|e| self.visit_extending(e)),
            Syntax::Struct(literal) => {
                literal.fields.iter_mut().for_each(|field| self.visit_extending(&mut field.expr));
            }
            Syntax::Block(block) => self.check_nested(&block.block),
            Syntax::If(branch) => {
                self.check_nested(&branch.then_branch);
                if let Some((_, otherwise)) = &mut branch.else_branch {
                    self.visit_extending(otherwise);
                }
            }
            _ => {}
        }
    }

    /// A temporary in the tail of a nested block would outlive the block.
    fn check_nested(&mut self, block: &syn::Block) {
        let tail = match block.stmts.last() {
            Some(SyntaxStmt::Expr(tail, None)) => tail,
            _ => return,
        };
        if let Syntax::Reference(reference) = tail
            && !place::is_place(&reference.expr)
            && !place::is_promotable(&reference.expr)
        {
            let what = "a temporary in the tail of a nested block";
            let found = diagnostics::unsupported_around_suspension(tail, what);
            self.lowering.found.push(found);
        }
    }
}
