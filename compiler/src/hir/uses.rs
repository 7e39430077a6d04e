//! What code does with the locals it names: the single source for the analyses and for codegen.
//!
//! The walk follows rustc's order of evaluation and its distinction of places and values: a local
//! in a value position is moved out of (or copied), one in a place position is looked at.

use syn::visit::{self, Visit};
use syn::{BinOp, Block, Expr, Pat, Stmt, UnOp};

use super::assignment::is_compound;
use super::destructure::{self, Takes};

pub use super::conventions::borrows_receiver;
use super::{LocalId, as_local, parted_locals, scrutinee_mark};
use crate::ast::macros::{self, Passing};

/// What code does with a local.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UseKind {
    /// Takes the value: a move, or a copy.
    Move,
    /// A closure captures it: by value, or by reference if its type is `Copy`.
    Capture,
    /// Looks at the place; nothing keeps a reference to it.
    Read,
    /// Looks at the place; a reference may be kept.
    Borrow,
    /// Gives it a new value.
    Assign,
}

/// Where in an expression something stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Position {
    Value,
    Read,
    Borrow,
}

/// Whether control gets to a use, and past it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// Always.
    Certain,
    /// Only on some paths through the code.
    Uncertain,
    /// Only on paths that leave the code for good.
    Leaving,
}

/// Who is told about uses.
pub trait Visitor {
    /// The expression is a local, used so.
    fn local(&mut self, expr: &mut Expr, local: LocalId, kind: UseKind, certainty: Certainty);

    /// A local is assigned to; the walk has been to `right` before.
    fn assign(&mut self, assignment: &mut Expr, local: LocalId, certainty: Certainty);

    /// A closure or `async` block follows. True: the visitor took care of it.
    fn closure(&mut self, _expr: &mut Expr, _certainty: Certainty) -> bool {
        false
    }

    /// The value of a part of a local is taken: `local.field`, `*local`. True: the visitor took care
    /// of it; else the local is read.
    fn part(&mut self, _expr: &mut Expr, _local: LocalId, _certainty: Certainty) -> bool {
        false
    }

    /// A part of a local gets a value; the walk has been to the right side. True: the visitor took
    /// care of it.
    fn assign_part(&mut self, _assignment: &mut Expr, _local: LocalId) -> bool {
        false
    }

    /// The tokens of an unknown macro.
    fn tokens(&mut self, _tokens: &mut proc_macro2::TokenStream, _certainty: Certainty) {}

    /// A match takes a local apart: each arm takes all of it or nothing.
    fn take_apart(&mut self, _matching: &mut syn::ExprMatch, _local: LocalId) {}

    /// A marked match takes a part of a local apart: each arm takes all of it or nothing. True: the
    /// visitor took care of it; else the part is looked at.
    fn take_part_apart(&mut self, _matching: &mut syn::ExprMatch, _certainty: Certainty) -> bool {
        false
    }

    /// A marked `let` in a chain of conditions takes a local or a part of one apart. True: the visitor
    /// took care of it; else the local or the part is looked at.
    fn take_by_test(&mut self, _test: &mut syn::ExprLet, _certainty: Certainty) -> bool {
        false
    }

    /// The arm of a match takes the value of a local.
    fn taken(&mut self, _local: LocalId, _certainty: Certainty) {}

    /// The value of an element or field is taken that is no part of a local which can be moved out:
    /// it is copied. It is in a local, and the walk has been to that.
    fn copied(&mut self, _expr: &mut Expr, _local: LocalId) {}

    /// Some other expression, after the walk has been to all of its parts.
    fn leave(&mut self, _expr: &mut Expr) {}
}

/// Walks over an expression whose value is used.
pub fn walk_value(expr: &mut Expr, visitor: &mut dyn Visitor) {
    Walk::new(visitor).expr(expr, Position::Value);
}

/// Walks over an expression of which only the place is looked at: a scrutinee.
pub fn walk_place(expr: &mut Expr, visitor: &mut dyn Visitor) {
    Walk::new(visitor).expr(expr, Position::Borrow);
}

/// Walks over a statement.
pub fn walk_stmt(stmt: &mut Stmt, visitor: &mut dyn Visitor) {
    Walk::new(visitor).stmt(stmt);
}

/// Walks over the body of a closure that captures by reference, or by value.
pub fn walk_capture(expr: &mut Expr, is_move: bool, visitor: &mut dyn Visitor) {
    let mut walk = Walk::new(visitor);
    (walk.is_capture, walk.parted) = (Some(is_move), parted_locals(expr));
    match expr {
        Expr::Closure(closure) => walk.expr(&mut closure.body, Position::Value),
        Expr::Async(block) => walk.block(&mut block.block),
        expr => walk.expr(expr, Position::Value),
    }
}

/// The local of which an expression is a part that can be moved out: `local.field`, `*local`.
pub fn part_of(expr: &Expr) -> Option<LocalId> {
    let base = match expr {
        Expr::Field(field) => &*field.base,
        Expr::Unary(unary) if matches!(unary.op, UnOp::Deref(_)) => &*unary.expr,
        Expr::Paren(paren) => return part_of(&paren.expr),
        _ => return None,
    };
    as_local(base).or_else(|| part_of(base))
}

/// The local that an element or field is in, or which refers to what that is in.
fn local_around(expr: &Expr) -> Option<LocalId> {
    let mut base = match expr {
        Expr::Field(_) | Expr::Index(_) => expr,
        _ => return None,
    };
    loop {
        base = match base {
            Expr::Field(field) => &field.base,
            Expr::Index(index) => &index.expr,
            Expr::Paren(paren) => &paren.expr,
            Expr::Unary(unary) if matches!(unary.op, UnOp::Deref(_)) => &unary.expr,
            base => return as_local(base),
        };
    }
}

/// Whether control never gets past an expression, as far as the syntax shows it.
pub fn diverges(expr: &Expr) -> bool {
    match expr {
        Expr::Return(_) | Expr::Break(_) | Expr::Continue(_) => true,
        Expr::Paren(paren) => diverges(&paren.expr),
        Expr::Block(block) => block.label.is_none() && block_diverges(&block.block),
        Expr::Macro(mac) => macro_diverges(&mac.mac),
        Expr::If(branch) => {
            block_diverges(&branch.then_branch)
                && branch.else_branch.as_ref().is_some_and(|(_, otherwise)| diverges(otherwise))
        }
        _ => false,
    }
}

/// Whether a label is one of the graph: a jump to it leaves the code around it.
fn is_exit(label: &syn::Lifetime) -> bool {
    label.ident.to_string().starts_with("goto·")
}

/// Whether control leaves the code that is walked over for good, and not for another part of it,
/// as far as the syntax shows it.
pub fn leaves_for_good(block: &Block) -> bool {
    struct FindInner(bool);
    impl<'ast> Visit<'ast> for FindInner {
        fn visit_lifetime(&mut self, label: &'ast syn::Lifetime) {
            self.0 |= !is_exit(label);
        }
        fn visit_expr_break(&mut self, jump: &'ast syn::ExprBreak) {
            self.0 |= jump.label.is_none();
            visit::visit_expr_break(self, jump);
        }
        fn visit_expr_continue(&mut self, jump: &'ast syn::ExprContinue) {
            self.0 |= jump.label.is_none();
            visit::visit_expr_continue(self, jump);
        }
        fn visit_macro(&mut self, mac: &'ast syn::Macro) {
            let arguments = macros::arguments(mac);
            arguments.iter().flatten().for_each(|argument| self.visit_expr(&argument.expr));
        }
    }
    let mut inner = FindInner(false);
    inner.visit_block(block);
    block_diverges(block) && !inner.0
}

/// Whether control never gets to the end of a block, as far as the syntax shows it.
pub fn block_diverges(block: &Block) -> bool {
    block.stmts.iter().any(stmt_diverges)
}

/// Whether control never gets past a statement, as far as the syntax shows it.
pub fn stmt_diverges(stmt: &Stmt) -> bool {
    match stmt {
        Stmt::Expr(expr, _) => diverges(expr),
        Stmt::Macro(mac) => macro_diverges(&mac.mac),
        Stmt::Local(_) | Stmt::Item(_) => false,
    }
}

fn macro_diverges(mac: &syn::Macro) -> bool {
    mac.path.segments.last().is_some_and(|segment| {
        ["panic", "unreachable", "todo", "unimplemented"].iter().any(|name| segment.ident == name)
    })
}

struct Walk<'a> {
    visitor: &'a mut dyn Visitor,
    /// How many branches and loops are around the current place.
    uncertain: usize,
    /// Whether control leaves the code for good after the current place.
    is_leaving: bool,
    /// Inside a closure: whether it captures by value.
    is_capture: Option<bool>,
    /// The locals of which the closure captures parts.
    parted: Vec<LocalId>,
}

impl<'a> Walk<'a> {
    fn new(visitor: &'a mut dyn Visitor) -> Self {
        Walk { visitor, uncertain: 0, is_leaving: false, is_capture: None, parted: Vec::new() }
    }
}

impl Walk<'_> {
    fn certainty(&self) -> Certainty {
        match (self.is_leaving, self.uncertain) {
            (true, _) => Certainty::Leaving,
            (false, 0) => Certainty::Certain,
            (false, _) => Certainty::Uncertain,
        }
    }

    /// Visits code from which control does not come back, if `is_leaving`.
    fn leaving(&mut self, is_leaving: bool, visit: impl FnOnce(&mut Self)) {
        let outer = self.is_leaving;
        self.is_leaving |= is_leaving;
        visit(self);
        self.is_leaving = outer;
    }

    fn uncertain(&mut self, visit: impl FnOnce(&mut Self)) {
        self.uncertain += 1;
        visit(self);
        self.uncertain -= 1;
    }

    #[allow(single_use_lifetimes, reason = "an item of an iterator cannot have an elided lifetime")]
    fn exprs<'e>(&mut self, exprs: impl IntoIterator<Item = &'e mut Expr>) {
        exprs.into_iter().for_each(|expr| self.expr(expr, Position::Value));
    }

    fn expr(&mut self, expr: &mut Expr, position: Position) {
        if let Expr::Path(_) = expr {
            if let Some(local) = as_local(expr) {
                self.local(expr, local, position);
            }
            return;
        }
        if position == Position::Value
            && self.is_capture.is_none()
            && let Some(local) = part_of(expr)
        {
            let certainty = self.certainty();
            if self.visitor.part(expr, local, certainty) {
                return;
            }
        }
        let is_value = position == Position::Value && self.is_capture.is_none();
        let copied = is_value.then(|| local_around(expr)).flatten();
        match expr {
            Expr::Paren(inner) => return self.expr(&mut inner.expr, position),
            Expr::Group(inner) => self.expr(&mut inner.expr, Position::Borrow),
            Expr::Field(inner) => self.expr(&mut inner.base, projected(position)),
            Expr::Index(inner) => {
                self.expr(&mut inner.expr, projected(position));
                self.expr(&mut inner.index, Position::Value);
            }
            Expr::Unary(inner) if matches!(inner.op, UnOp::Deref(_)) => {
                self.expr(&mut inner.expr, projected(position));
            }
            Expr::Reference(inner) => self.expr(&mut inner.expr, Position::Borrow),
            Expr::RawAddr(inner) => self.expr(&mut inner.expr, Position::Borrow),
            Expr::Let(inner) => {
                let is_marked = self.is_capture.is_none() && scrutinee_mark(&inner.expr).is_some();
                let certainty = self.certainty();
                if !is_marked || !self.visitor.take_by_test(inner, certainty) {
                    self.expr(&mut inner.expr, Position::Borrow);
                }
            }
            Expr::MethodCall(call) => {
                self.expr(&mut call.receiver, Position::Borrow);
                self.exprs(&mut call.args);
            }
            Expr::Call(call) => {
                self.expr(&mut call.func, Position::Borrow);
                self.exprs(&mut call.args);
            }
            Expr::If(branch) if destructure::as_match(branch).is_some() => {
                let matching = destructure::as_match(branch).expect("just checked");
                *expr = Expr::Match(matching);
                self.construct(expr);
            }
            Expr::Match(matching) if destructure::as_match_of_value(matching).is_some() => {
                let matching = destructure::as_match_of_value(matching).expect("just checked");
                *expr = Expr::Match(matching);
                self.construct(expr);
            }
            Expr::Assign(_) => self.assignment(expr),
            Expr::Binary(_) => self.binary(expr),
            Expr::Macro(mac) => self.mac(&mut mac.mac),
            Expr::Closure(_) | Expr::Async(_) => return self.closure(expr),
            _ => self.construct(expr),
        }
        match copied {
            Some(local) => self.visitor.copied(expr, local),
            None => self.visitor.leave(expr),
        }
    }

    fn local(&mut self, expr: &mut Expr, local: LocalId, position: Position) {
        let kind = match (position, self.is_capture) {
            (_, Some(_)) if self.parted.contains(&local) => UseKind::Read,
            (Position::Value, Some(false)) => UseKind::Capture,
            (_, Some(true)) | (Position::Value, None) => UseKind::Move,
            (_, Some(false)) | (Position::Borrow, None) => UseKind::Borrow,
            (Position::Read, None) => UseKind::Read,
        };
        let certainty = self.certainty();
        self.visitor.local(expr, local, kind, certainty);
    }

    /// `left = right`: the right side is evaluated first.
    fn assignment(&mut self, expr: &mut Expr) {
        let Expr::Assign(assign) = expr else { return };
        self.expr(&mut assign.right, Position::Value);
        match as_local(&assign.left) {
            Some(local) if self.is_capture.is_none() => {
                let certainty = self.certainty();
                self.visitor.assign(expr, local, certainty);
            }
            _ => {
                if let Some(local) = part_of(&assign.left)
                    && self.is_capture.is_none()
                    && self.visitor.assign_part(expr, local)
                {
                    return;
                }
                let Expr::Assign(assign) = expr else { return };
                self.assignee(&mut assign.left);
            }
        }
    }

    fn assignee(&mut self, left: &mut Expr) {
        match left {
            Expr::Tuple(tuple) => tuple.elems.iter_mut().for_each(|elem| self.assignee(elem)),
            Expr::Infer(_) => {}
            left => self.expr(left, Position::Read),
        }
    }

    fn binary(&mut self, expr: &mut Expr) {
        let Expr::Binary(binary) = expr else { return };
        use BinOp::*;
        match binary.op {
            And(_) | Or(_) => {
                self.expr(&mut binary.left, Position::Value);
                self.uncertain(|this| this.expr(&mut binary.right, Position::Value));
            }
            Eq(_) | Ne(_) | Lt(_) | Le(_) | Gt(_) | Ge(_) => {
                self.expr(&mut binary.left, Position::Read);
                self.expr(&mut binary.right, Position::Read);
            }
            _ if is_compound(binary.op) => {
                self.expr(&mut binary.right, Position::Value);
                self.expr(&mut binary.left, Position::Read);
            }
            _ => {
                self.expr(&mut binary.left, Position::Value);
                self.expr(&mut binary.right, Position::Value);
            }
        }
    }

    fn mac(&mut self, mac: &mut syn::Macro) {
        if macros::is_inert(mac) {
            return;
        }
        let name = mac.path.segments.last().map(|segment| segment.ident.to_string());
        let keeps = matches!(name.as_deref(), Some("format_args" | "write" | "writeln"));
        let is_known = macros::map_arguments(mac, |argument, passing| {
            let position = match passing {
                Passing::Value => Position::Value,
                Passing::Place if keeps => Position::Borrow,
                Passing::Place => Position::Read,
            };
            self.expr(argument, position);
        });
        if !is_known {
            let certainty = self.certainty();
            let captured = match self.is_capture {
                Some(true) => super::locals_in(&mac.tokens),
                _ => Vec::new(),
            };
            self.visitor.tokens(&mut mac.tokens, certainty);
            for local in captured {
                let mut captured = Expr::PLACEHOLDER;
                self.visitor.local(&mut captured, local, UseKind::Move, certainty);
            }
        }
    }

    fn closure(&mut self, expr: &mut Expr) {
        let certainty = self.certainty();
        if self.is_capture.is_none() && self.visitor.closure(expr, certainty) {
            return;
        }
        let is_move = match expr {
            Expr::Closure(closure) => closure.capture.is_some(),
            Expr::Async(block) => block.capture.is_some(),
            _ => false,
        };
        let (outer, outer_parted) = (self.is_capture, self.parted.clone());
        self.is_capture = Some(is_move || outer == Some(true));
        self.parted.extend(parted_locals(expr));
        match expr {
            Expr::Closure(closure) => self.expr(&mut closure.body, Position::Value),
            Expr::Async(block) => self.block(&mut block.block),
            _ => {}
        }
        (self.is_capture, self.parted) = (outer, outer_parted);
    }

    /// What a `let` takes apart: by value if the pattern takes all of it.
    fn scrutinee(&mut self, scrutinee: &mut Expr, pat: &Pat) {
        let position = match pat {
            Pat::Ident(_) if destructure::is_binding(pat) => Position::Value,
            Pat::Wild(_) => Position::Read,
            pat if as_local(scrutinee).is_some() && destructure::takes(pat) == Takes::All => {
                Position::Value
            }
            pat if destructure::takes_part(pat, scrutinee) => Position::Value,
            Pat::Type(typed) => return self.scrutinee(scrutinee, &typed.pat),
            _ => Position::Borrow,
        };
        self.expr(scrutinee, position);
    }

    /// Expressions with operands that are used by value, and control flow.
    fn construct(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Struct(literal) => {
                self.exprs(literal.fields.iter_mut().map(|field| &mut field.expr));
                if let Some(rest) = &mut literal.rest {
                    self.expr(rest, Position::Read);
                }
            }
            Expr::Tuple(tuple) => self.exprs(&mut tuple.elems),
            Expr::Array(array) => self.exprs(&mut array.elems),
            Expr::Range(range) => {
                self.exprs(range.start.as_deref_mut());
                self.exprs(range.end.as_deref_mut());
            }
            Expr::Unary(inner) => self.expr(&mut inner.expr, Position::Value),
            Expr::Try(inner) => self.expr(&mut inner.expr, Position::Value),
            Expr::Cast(inner) => self.expr(&mut inner.expr, Position::Value),
            Expr::Repeat(inner) => self.expr(&mut inner.expr, Position::Value),
            Expr::Await(inner) => self.expr(&mut inner.base, Position::Value),
            Expr::Return(inner) => self.exprs(inner.expr.as_deref_mut()),
            Expr::Break(inner) => self.exprs(inner.expr.as_deref_mut()),
            Expr::Block(inner) if inner.label.is_some() => {
                self.uncertain(|this| this.block(&mut inner.block));
            }
            Expr::Block(inner) => self.block(&mut inner.block),
            Expr::Unsafe(inner) => self.block(&mut inner.block),
            Expr::If(branch) => self.branch(branch),
            Expr::Match(matching) => self.matching(matching),
            Expr::Loop(inner) => self.uncertain(|this| this.block(&mut inner.body)),
            Expr::While(inner) => self.uncertain(|this| {
                this.expr(&mut inner.cond, Position::Value);
                this.block(&mut inner.body);
            }),
            Expr::ForLoop(inner) => {
                self.expr(&mut inner.expr, Position::Value);
                self.uncertain(|this| this.block(&mut inner.body));
            }
            _ => {}
        }
    }

    fn branch(&mut self, branch: &mut syn::ExprIf) {
        self.expr(&mut branch.cond, Position::Value);
        self.uncertain(|this| this.block(&mut branch.then_branch));
        if let Some((_, otherwise)) = &mut branch.else_branch {
            self.uncertain(|this| this.expr(otherwise, Position::Value));
        }
    }

    fn matching(&mut self, matching: &mut syn::ExprMatch) {
        let pats = matching.arms.iter().map(|arm| &arm.pat);
        let jumps_away = matching.arms.iter().any(|arm| match &arm.pat {
            Pat::Guard(guarded) => destructure::jumps_away(Some(&guarded.guard)),
            _ => false,
        });
        let is_marked = self.is_capture.is_none() && scrutinee_mark(&matching.expr).is_some();
        let taken = destructure::taken_by(None, &matching.expr, pats);
        let taken = taken.filter(|_| !jumps_away && !is_marked);
        let takes: Vec<Takes> =
            matching.arms.iter().map(|arm| destructure::takes(&arm.pat)).collect();
        let certainty = self.certainty();
        match taken.filter(|_| self.is_capture.is_none()) {
            Some(local) => self.visitor.take_apart(matching, local),
            None if is_marked && self.visitor.take_part_apart(matching, certainty) => {}
            None => self.expr(&mut matching.expr, Position::Borrow),
        }
        for (arm, takes) in matching.arms.iter_mut().zip(takes) {
            self.uncertain(|this| {
                if let (Some(local), Takes::All) = (taken, takes) {
                    let certainty = this.certainty();
                    this.visitor.taken(local, certainty);
                }
                if let Pat::Guard(guarded) = &mut arm.pat {
                    this.expr(&mut guarded.guard, Position::Value);
                }
                let body = Stmt::Expr((*arm.body).clone(), None);
                let body = Block { brace_token: Default::default(), stmts: vec![body] };
                let is_leaving = leaves_for_good(&body);
                this.leaving(is_leaving, |this| this.expr(&mut arm.body, Position::Value));
            });
        }
    }

    fn block(&mut self, block: &mut Block) {
        let is_leaving = self.uncertain > 0 && leaves_for_good(block);
        self.leaving(is_leaving, |this| block.stmts.iter_mut().for_each(|stmt| this.stmt(stmt)));
    }

    fn stmt(&mut self, stmt: &mut Stmt) {
        match stmt {
            Stmt::Local(local) => {
                if let Some(plain) = destructure::as_let(local) {
                    *local = plain;
                }
                let Some(init) = &mut local.init else { return };
                match init.diverge.is_none() {
                    true => self.scrutinee(&mut init.expr, &local.pat),
                    false => self.expr(&mut init.expr, Position::Borrow),
                }
                if let Some((_, otherwise)) = &mut init.diverge {
                    self.uncertain(|this| this.expr(otherwise, Position::Value));
                }
            }
            Stmt::Expr(expr, _) => self.expr(expr, Position::Value),
            Stmt::Macro(mac) => self.mac(&mut mac.mac),
            Stmt::Item(_) => {}
        }
    }
}

/// The position of the base of a projection such as `base.field`.
fn projected(position: Position) -> Position {
    match position {
        Position::Value | Position::Read => Position::Read,
        Position::Borrow => Position::Borrow,
    }
}
