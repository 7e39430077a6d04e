//! Blocks and statements.

use syn::spanned::Spanned;
use syn::{Expr as Syntax, Local, Pat, Stmt as SyntaxStmt};

use super::super::{
    Block, Expr, ExprKind, Let, LocalId, LocalKind, Split, Stmt, bindings, root_local,
};
use super::matches::block_expr;
use super::operands::with_temporaries;
use super::{Lowering, place};
use crate::ast::suspends;
use crate::edition::Edition;
use crate::hir::destructure::{self, Takes};

impl Lowering {
    /// Lowers a block, each of whose statements is looked at: it contains a suspension, or is the
    /// body.
    pub(super) fn block(&mut self, block: &syn::Block) -> Block {
        let is_root = std::mem::take(&mut self.is_root);
        let mut stmts = Vec::new();
        let mut tail = None;
        let last = block.stmts.len().saturating_sub(1);
        for (index, stmt) in block.stmts.iter().enumerate() {
            match stmt {
                SyntaxStmt::Item(item) => self.item(item, block),
                SyntaxStmt::Local(local) => self.binding_stmt(local, &mut stmts),
                SyntaxStmt::Expr(expr, None) if index == last => {
                    let value = match self.body.edition {
                        Edition::Old => self.old_tail(expr, block, is_root),
                        Edition::Since2024 => self.terminating(expr),
                    };
                    tail = Some(Box::new(in_braces(value, block.brace_token)));
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

    /// The tail of a block before edition 2024: its temporaries live on when the locals of the block are
    /// dropped, so they get names.
    fn old_tail(&mut self, tail: &Syntax, block: &syn::Block, is_root: bool) -> Expr {
        let binds = block.stmts.iter().any(|stmt| matches!(stmt, SyntaxStmt::Local(_)));
        let is_plain = !suspends(tail) && (is_root || !place::leaves_temporaries(tail));
        let mut temporaries = Vec::new();
        let value = match tail {
            Syntax::Paren(syn::ExprParen { expr, .. })
            | Syntax::Group(syn::ExprGroup { expr, .. }) => {
                return self.old_tail(expr, block, is_root);
            }
            // Its temporaries are dropped with it.
            Syntax::ForLoop(_) if suspends(tail) => {
                let inner = Block { stmts: Vec::new(), tail: Some(self.boxed(tail)) };
                return block_expr(inner, tail.span());
            }
            _ if !binds || is_plain => return self.expr(tail),
            Syntax::Match(_) | Syntax::Await(_) => self.hoisted(tail, &mut temporaries),
            Syntax::Call(_) | Syntax::MethodCall(_) | Syntax::Binary(_) | Syntax::Tuple(_) => {
                Expr::code(self.operand_by_value(tail, &mut temporaries))
            }
            _ => return self.expr(tail),
        };
        let span = tail.span();
        Expr { span, kind: with_temporaries(value.kind, temporaries) }
    }

    /// A statement that is control flow with a value: it is dropped after the locals inside.
    fn ignored(&mut self, expr: &Syntax) -> Stmt {
        let underscore_token = syn::Token![_](expr.span());
        let pat = Pat::Wild(syn::PatWild { attrs: Vec::new(), underscore_token });
        let init = Some(self.ignored_value(expr));
        Stmt::Let(Let { attributes: Vec::new(), pat, ty: None, init, otherwise: None })
    }

    /// A value that is dropped where it is: before what a match on another value leaves of that.
    fn ignored_value(&mut self, expr: &Syntax) -> Expr {
        match expr {
            Syntax::Paren(paren) => self.ignored_value(&paren.expr),
            Syntax::Match(_) if suspends(expr) => {
                let mut temporaries = Vec::new();
                let value = Box::new(Expr::code(self.residual_value(expr, &mut temporaries)));
                Expr { kind: ExprKind::Operands { temporaries, value }, span: expr.span() }
            }
            Syntax::If(branch) if suspends(&branch.cond) => {
                Expr { kind: self.branch(branch, drops_late(expr)), span: expr.span() }
            }
            expr => self.expr(expr),
        }
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
        let before = stmts.len();
        if let Some(given) = &local.init {
            let mut value = (*given.expr).clone();
            let is_part = place::is_place(&value);
            if destructure::binds_by_reference(&pat) && (!is_part || place::is_temporary(&value)) {
                let is_split = destructure::binds_by_value(&pat);
                let init = match place::rvalue_base(&mut value).filter(|_| is_part) {
                    Some(base) => self.extend(base, None, is_split, stmts),
                    None => self.extend(&mut value, ty.take(), is_split, stmts),
                };
                if is_split && root_local(&value).is_some() {
                    return self.split_binding(pat, (value, init), given, stmts);
                }
                if let (Some((_, init)), Some(Stmt::Let(extended))) = (init, stmts.last_mut()) {
                    extended.init = Some(init);
                }
            } else if !destructure::binds_by_reference(&pat) {
                let (is_evaluated, is_whole) = (true, true);
                let mut extend =
                    ExtendTemporaries { lowering: self, stmts, is_evaluated, is_whole };
                extend.visit_extending(&mut value);
            }
            init = Some(match pat {
                Pat::Wild(_) => self.ignored_value(&value),
                _ if ends_before_rest(&pat, &value) => self.ignored_value(&value),
                _ => self.expr(&value),
            });
            if given.diverge.is_some() {
                init.iter_mut().for_each(|init| self.hold_part(init));
            }
            let ended = declared_by(&stmts[before..]);
            otherwise = given.diverge.as_ref().map(|(_, block)| self.otherwise(block, ended));
        }
        let attributes = crate::ast::without_mark(&local.attrs);
        stmts.push(Stmt::Let(Let { attributes, pat, ty, init, otherwise }));
    }

    /// Holds a value if something of an operand may be moved into it: what is left of that is rustc's to
    /// drop.
    fn hold_part(&mut self, init: &mut Expr) {
        let ExprKind::Operands { temporaries, value } = &mut init.kind else { return };
        let ExprKind::Code(code) = &mut value.kind else { return };
        if !place::is_place(code) {
            self.hold_taking(code, temporaries);
        }
    }

    /// Holds code that may take something of an operand. The operand of `?` is held for it.
    fn hold_taking(&mut self, code: &mut Syntax, temporaries: &mut Vec<(LocalId, Expr)>) {
        match code {
            Syntax::Paren(inner) => return self.hold_taking(&mut inner.expr, temporaries),
            Syntax::Try(inner) => return self.hold_taking(&mut inner.expr, temporaries),
            code if place::leaves(code) => return,
            _ => {}
        }
        if place::takes_part_of_operand(&self.body, code)
            || !place::operand_receivers(&self.body, code).is_empty()
        {
            *code = self.hold(code, temporaries);
        }
    }

    /// Binds parts of a temporary by value and others by reference: it lives on as what is left.
    fn split_binding(
        &mut self,
        pat: Pat,
        (place, init): (Syntax, Option<(LocalId, Expr)>),
        given: &syn::LocalInit,
        stmts: &mut Vec<Stmt>,
    ) {
        let holder = self.temporary("rest", LocalKind::Temporary, pat.span());
        let otherwise = given.diverge.as_ref().map(|(_, block)| self.otherwise(block, Vec::new()));
        stmts.push(Stmt::Split(Split { pat, init, place, holder, otherwise }));
    }

    /// The block after `else`. The temporaries whose life `let` would extend end before it.
    fn otherwise(&mut self, block: &Syntax, ended: Vec<LocalId>) -> Block {
        let mut block = match block {
            Syntax::Block(block) => self.block(&block.block),
            expr => Block { stmts: Vec::new(), tail: Some(self.boxed(expr)) },
        };
        if !ended.is_empty() {
            block.stmts.insert(0, Stmt::End(ended));
        }
        block
    }

    /// Makes `value` a binding of its own, and a use of it. If it is split next and has temporaries,
    /// these live on until then: what initialises the binding is given back.
    fn extend(
        &mut self,
        value: &mut Syntax,
        ty: Option<syn::Type>,
        is_split: bool,
        stmts: &mut Vec<Stmt>,
    ) -> Option<(LocalId, Expr)> {
        let span = value.span();
        let local = self.temporary("extended", LocalKind::Temporary, span);
        let (init, later) = match is_split && place::leaves_temporaries(value) {
            true => {
                self.body.locals[local].ty = ty.clone();
                let kind = self.with_operand(value, |operand| operand.kind);
                (None, Some((local, Expr { kind, span })))
            }
            false => (Some(self.expr(value)), None),
        };
        let mut pat = self.binding(local, span);
        if let Pat::Ident(ident) = &mut pat {
            ident.mutability = Some(syn::Token![mut](span));
        }
        stmts.push(Stmt::Let(Let { attributes: Vec::new(), pat, ty, init, otherwise: None }));
        *value = self.local(local, span);
        later
    }
}

/// The tail of a block whose last operands are evaluated beside temporaries: while it panics, rustc
/// drops both in reverse order, as they are in one scope, which the user's braces make.
fn in_braces(tail: Expr, brace_token: syn::token::Brace) -> Expr {
    let Expr { kind, span } = tail;
    let kind = match kind {
        ExprKind::Code(value) if has_operands(&value) && place::leaves_temporaries(&value) => {
            let block = syn::Block { brace_token, stmts: vec![SyntaxStmt::Expr(value, None)] };
            ExprKind::Code(Syntax::Block(syn::ExprBlock { attrs: Vec::new(), label: None, block }))
        }
        ExprKind::Operands { temporaries, value } => {
            let value = Box::new(in_braces(*value, brace_token));
            ExprKind::Operands { temporaries, value }
        }
        kind => kind,
    };
    Expr { kind, span }
}

/// Whether an expression has operands that wait for others.
fn has_operands(expr: &Syntax) -> bool {
    match expr {
        Syntax::Tuple(tuple) => tuple.elems.len() > 1,
        Syntax::Array(array) => array.elems.len() > 1,
        Syntax::Struct(literal) => literal.fields.len() > 1,
        Syntax::Call(call) => call.args.len() > 1,
        Syntax::MethodCall(call) => !call.args.is_empty(),
        Syntax::Paren(paren) => has_operands(&paren.expr),
        _ => false,
    }
}

/// Whether a pattern takes apart what a match gives: what it leaves of that is dropped before what the
/// match leaves of its own value, and what it binds after both. What it leaves of the value of an `if let`
/// is dropped after what that has looked at, since edition 2024.
fn ends_before_rest(pat: &Pat, value: &Syntax) -> bool {
    let is_taken_apart = match unparenthesized(value) {
        Syntax::Match(_) => !destructure::is_binding(pat),
        Syntax::If(_) => destructure::takes(pat) != Takes::All,
        _ => false,
    };
    is_taken_apart && !destructure::binds_by_reference(pat)
}

fn unparenthesized(expr: &Syntax) -> &Syntax {
    match expr {
        Syntax::Paren(paren) => unparenthesized(&paren.expr),
        expr => expr,
    }
}

/// The locals that statements declare, the newest first.
fn declared_by(stmts: &[Stmt]) -> Vec<LocalId> {
    let bound = stmts.iter().rev().flat_map(|stmt| match stmt {
        Stmt::Let(binding) => bindings(&binding.pat),
        _ => Vec::new(),
    });
    bound.collect()
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

/// Whether evaluating an operand later is the same: what needed to be evaluated is in bindings.
fn is_evaluated(expr: &Syntax) -> bool {
    match expr {
        Syntax::Reference(reference) => {
            place::is_simple_place(&reference.expr) || place::is_promotable(&reference.expr)
        }
        Syntax::Tuple(tuple) => tuple.elems.iter().all(is_evaluated),
        Syntax::Array(array) => array.elems.iter().all(is_evaluated),
        Syntax::Struct(literal) => literal.fields.iter().all(|field| is_evaluated(&field.expr)),
        Syntax::Paren(paren) => is_evaluated(&paren.expr),
        expr => place::is_timeless(expr),
    }
}

/// Whether a call is one of a tuple struct or variant, as its name tells.
pub fn is_constructor(callee: &Syntax) -> bool {
    let Syntax::Path(path) = callee else { return false };
    let name = path.path.segments.last().map(|segment| segment.ident.to_string());
    name.is_some_and(|name| {
        let name = name.trim_start_matches("r#");
        let is_constant = name.contains('_') && !name.contains(char::is_lowercase);
        name.starts_with(char::is_uppercase) && !is_constant
    })
}

/// Finds the operands of `&` whose temporaries a `let` keeps alive to the end of the block.
struct ExtendTemporaries<'a, 'b> {
    lowering: &'a mut Lowering,
    stmts: &'b mut Vec<Stmt>,
    /// Whether all that comes before the operand was evaluated by the statements so far.
    is_evaluated: bool,
    /// Whether nothing is evaluated after the operand.
    is_whole: bool,
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
                match place::is_place(operand) {
                    true => self.extend_base(expr),
                    false => {
                        self.visit_extending(operand);
                        self.extend_base(expr);
                    }
                }
            }
            Syntax::Macro(mac) if is_pin(&mac.mac) => {
                if let Ok(pinned) = mac.mac.parse_body::<Syntax>() {
                    *expr = syn::parse_quote!(::coframe::__private::pin(&mut #pinned));
                    self.extend_pinned(expr);
                }
            }
            Syntax::Cast(cast) => self.visit_extending(&mut cast.expr),
            Syntax::Paren(paren) => self.visit_extending(&mut paren.expr),
            Syntax::Tuple(tuple) => tuple.elems.iter_mut().for_each(|elem| self.element(elem)),
            Syntax::Array(array) => array.elems.iter_mut().for_each(|elem| self.element(elem)),
            Syntax::Struct(literal) => {
                literal.fields.iter_mut().for_each(|field| self.element(&mut field.expr));
            }
            Syntax::Call(call) if is_constructor(&call.func) => {
                call.args.iter_mut().for_each(|argument| self.element(argument));
            }
            Syntax::Block(block) => self.tail(&mut block.block),
            Syntax::Unsafe(block) => self.tail(&mut block.block),
            Syntax::If(branch) => {
                self.tail(&mut branch.then_branch);
                if let Some((_, otherwise)) = &mut branch.else_branch {
                    self.nested(otherwise);
                }
            }
            Syntax::Match(matching) => {
                matching.arms.iter_mut().for_each(|arm| self.nested(&mut arm.body));
            }
            _ => {}
        }
    }

    /// An element of a literal. Those after one that is still to be evaluated are as well.
    fn element(&mut self, element: &mut Syntax) {
        self.is_whole = false;
        self.visit_extending(element);
        self.is_evaluated &= is_evaluated(element);
    }

    /// Extends the life of the value that `&` is used on, or of a part of it.
    fn extend_base(&mut self, reference: &mut Syntax) {
        let Syntax::Reference(inner) = reference else { return };
        let Some(base) = place::rvalue_base(&mut inner.expr) else { return };
        let assignment = self.extend(base);
        if let Some(assignment) = assignment {
            *reference = self.after(&assignment, reference);
        }
    }

    fn extend_pinned(&mut self, pin: &mut Syntax) {
        let Syntax::Call(call) = &mut *pin else { return };
        let Some(Syntax::Reference(reference)) = call.args.first_mut() else { return };
        if let Some(assignment) = self.extend(&mut reference.expr) {
            *pin = self.after(&assignment, pin);
        }
    }

    /// Makes `value` a binding of its own, and a use of it. If something is to be evaluated before
    /// it, the binding gets its value by an assignment in its place.
    fn extend(&mut self, value: &mut Syntax) -> Option<Syntax> {
        let outlives = !self.is_whole && place::leaves_temporaries(value);
        if self.is_evaluated && !outlives {
            self.lowering.extend(value, None, false, self.stmts);
            return None;
        }
        let span = value.span();
        let local = self.lowering.temporary("extended", LocalKind::Temporary, span);
        let (pat, place) = (self.lowering.binding(local, span), self.lowering.local(local, span));
        let declaration =
            Let { attributes: Vec::new(), pat, ty: None, init: None, otherwise: None };
        self.stmts.push(Stmt::Let(declaration));
        let value = std::mem::replace(value, place.clone());
        Some(syn::parse_quote!(#place = #value))
    }

    /// A reference to what an assignment fills before it. The temporaries of the assignment live as
    /// long as those around it.
    fn after(&mut self, assignment: &Syntax, reference: &Syntax) -> Syntax {
        let Syntax::Assign(assign) = assignment else { return reference.clone() };
        let (place, value) = (&assign.left, &assign.right);
        if !place::leaves_temporaries(value) {
            return syn::parse_quote!({ #assignment; #reference });
        }
        let span = value.span();
        let given = self.lowering.temporary("value", LocalKind::Temporary, span);
        let given = self.lowering.local(given, span);
        syn::parse_quote!(match #value { #given => { #place = #given; #reference } })
    }

    /// The tail of a block inside the initialiser.
    fn tail(&mut self, block: &mut syn::Block) {
        if let Some(SyntaxStmt::Expr(tail, None)) = block.stmts.last_mut() {
            self.nested(tail);
        }
    }

    /// An expression that is evaluated after others, or perhaps not.
    fn nested(&mut self, expr: &mut Syntax) {
        (self.is_evaluated, self.is_whole) = (false, false);
        self.visit_extending(expr);
    }
}
