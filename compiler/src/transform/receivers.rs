//! Finds the calls that may consume the local they are made on, and what is evaluated first.

use syn::visit_mut::{self, VisitMut};
use syn::{BinOp, Expr, Pat, UnOp};

use crate::analysis::takes_scrutinee;
use crate::ast::macros;
use crate::hir::assignment::is_compound;
use crate::hir::{LocalId, as_local, captured_parts, destructure, occurrence, root_of, uses};
use crate::mir::{Block, BlockId, Body, Statement, Terminator};

/// What code may do to a local.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    /// A method or the local itself is called.
    Call,
    /// It is taken apart by a pattern.
    Match,
    /// The value of a part of it may be taken.
    Part,
    /// A closure may capture parts of it.
    Capture,
}

/// A use of a local of which only rustc knows whether it consumes it, or a part of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Receiver {
    /// The local.
    pub(super) local: LocalId,
    /// The number of the use, if the user wrote it.
    pub(super) occurrence: Option<usize>,
    /// Whether the method borrows by convention.
    pub(super) borrows: bool,
    /// Whether it is about a part of the local.
    pub(super) is_field: bool,
    /// Whether control leaves the code after it, by `return` or a jump.
    pub(super) leaves: bool,
    /// What it is.
    pub(super) action: Action,
}

impl Receiver {
    /// The receiver of a call, if it is a local or a field of one, or what a struct literal takes its other
    /// fields from.
    pub(super) fn of(expr: &Expr) -> Option<Self> {
        let (called, borrows) = match expr {
            Expr::MethodCall(call) => {
                (&call.receiver, uses::borrows_receiver(&call.method.to_string()))
            }
            Expr::Call(call) => (&call.func, false),
            Expr::Struct(literal) => (literal.rest.as_ref()?, false),
            _ => return None,
        };
        let root = root_of(called);
        let is_field = as_local(called).is_none() || matches!(expr, Expr::Struct(_));
        let (local, occurrence) = (as_local(root)?, occurrence(root));
        Some(Receiver { local, occurrence, borrows, is_field, leaves: false, action: Action::Call })
    }

    /// The local of which an expression is a part.
    fn of_part(expr: &Expr) -> Option<Self> {
        let (local, occurrence) = (uses::part_of(expr)?, occurrence(root_of(expr)));
        let action = Action::Part;
        Some(Receiver { local, occurrence, borrows: false, is_field: true, leaves: false, action })
    }

    /// The locals of which a closure may capture parts.
    pub(super) fn of_closure(expr: &Expr) -> Vec<Self> {
        let captured = captured_parts(expr).into_iter();
        let receiver = |(local, occurrence)| Receiver {
            local,
            occurrence,
            borrows: false,
            is_field: true,
            leaves: false,
            action: Action::Capture,
        };
        captured.map(receiver).collect()
    }

    /// The local that a match takes apart, if it may leave something of it.
    fn of_match(expr: &Expr) -> Option<Self> {
        let scrutinee = match expr {
            Expr::Match(matching) => {
                let pats = matching.arms.iter().map(|arm| &arm.pat);
                destructure::takes_out_of(&matching.expr, pats).then_some(&*matching.expr)?
            }
            Expr::Let(test) => {
                let pats = std::iter::once(&*test.pat);
                destructure::takes_out_of(&test.expr, pats).then_some(&*test.expr)?
            }
            _ => return None,
        };
        Receiver::matched(scrutinee)
    }

    /// The local that a `let` in a chain of conditions takes.
    fn of_test(expr: &Expr) -> Option<Self> {
        let Expr::Let(test) = expr else { return None };
        let is_taken = as_local(&test.expr).is_some() && destructure::binds_by_value(&test.pat);
        is_taken.then(|| Receiver::matched(&test.expr)).flatten()
    }

    fn matched(scrutinee: &Expr) -> Option<Self> {
        let root = root_of(scrutinee);
        let (local, occurrence) = (as_local(root)?, occurrence(root));
        let is_field = as_local(scrutinee).is_none();
        let action = Action::Match;
        Some(Receiver { local, occurrence, borrows: false, is_field, leaves: false, action })
    }
}

/// The code of a statement, or of the terminator after the last.
pub(super) fn code_of(block: &mut Block, index: usize) -> Option<Code<'_>> {
    match block.statements.get_mut(index) {
        Some(
            Statement::Init { value, .. }
            | Statement::Let { value, .. }
            | Statement::Hold { value, .. },
        ) => return Some(Code::Expr(value)),
        Some(Statement::Eval(stmt)) => return Some(Code::Stmt(stmt)),
        Some(_) => return None,
        None => {}
    }
    match &mut block.terminator {
        Terminator::If { condition: value, .. }
        | Terminator::LetElse { value, .. }
        | Terminator::Match { scrutinee: value, taken: None, .. }
        | Terminator::Suspend { value: Some(value), .. }
        | Terminator::Return { value: Some(value) } => Some(Code::Expr(value)),
        _ => None,
    }
}

/// The local that a statement or terminator takes apart and may leave something of. What a `let`
/// leaves of a value that is no variable of the user ends with its statement, so it is none.
pub(super) fn taken_apart(body: &Body, block: BlockId, index: usize) -> Option<Receiver> {
    let block = &body.blocks[block];
    let leaves_rest = |pat: &Pat, value: &Expr| {
        destructure::takes_out_of(value, std::iter::once(pat))
            && !destructure::takes_part(pat, value)
            && !takes_scrutinee(body, value)
    };
    match block.statements.get(index) {
        Some(Statement::Let { pat, value, .. }) => {
            return Receiver::matched(value).filter(|_| leaves_rest(pat, value));
        }
        Some(_) => return None,
        None => {}
    }
    let (scrutinee, is_left) = match &block.terminator {
        Terminator::Match { scrutinee, arms, taken: None } => {
            (scrutinee, destructure::takes_out_of(scrutinee, arms.iter().map(|arm| &arm.pat)))
        }
        Terminator::LetElse { pat, value, .. } => {
            let is_taken = destructure::takes_out_of(value, std::iter::once(pat));
            (value, is_taken && !takes_scrutinee(body, value))
        }
        _ => return None,
    };
    Receiver::matched(scrutinee).filter(|_| is_left)
}

/// Code of the user.
pub(super) enum Code<'a> {
    Expr(&'a mut Expr),
    Stmt(&'a mut syn::Stmt),
}

impl Code<'_> {
    /// Lets a visitor walk over it.
    pub(super) fn visit(&mut self, visitor: &mut dyn VisitMut) {
        match self {
            Code::Expr(expr) => visitor.visit_expr_mut(expr),
            Code::Stmt(stmt) => visitor.visit_stmt_mut(stmt),
        }
    }

    /// All receivers, in the order in which their calls are made.
    pub(super) fn receivers(&mut self) -> Vec<Receiver> {
        let mut find = FindReceivers { found: Vec::new(), is_leaving: false };
        self.visit(&mut find);
        find.found
    }

    /// The call on a local, if nothing is evaluated before it that could make a difference.
    pub(super) fn leading_call(&mut self, local: LocalId) -> Option<&mut Expr> {
        match self {
            Code::Expr(expr) => leading_call(expr, local),
            Code::Stmt(syn::Stmt::Expr(expr, _)) => leading_call(expr, local),
            Code::Stmt(_) => None,
        }
    }

    /// The calls on locals that an assignment inside gives their result, as in `x = x.grown()`.
    pub(super) fn reassigned(&mut self) -> Vec<Receiver> {
        let mut find = FindReassigned(Vec::new());
        self.visit(&mut find);
        find.0
    }

    /// Whether there are statements or arms in it.
    pub(super) fn has_blocks(&mut self) -> bool {
        struct Find(bool);
        impl VisitMut for Find {
            fn visit_block_mut(&mut self, _: &mut syn::Block) {
                self.0 = true;
            }
            fn visit_arm_mut(&mut self, _: &mut syn::Arm) {
                self.0 = true;
            }
            fn visit_macro_mut(&mut self, mac: &mut syn::Macro) {
                macros::map_arguments(mac, |argument, _| self.visit_expr_mut(argument));
            }
        }
        let mut find = Find(false);
        self.visit(&mut find);
        find.0
    }

    /// How often a local is mentioned.
    pub(super) fn mentions(&mut self, local: LocalId) -> usize {
        let mut count = CountMentions { local, count: 0 };
        self.visit(&mut count);
        count.count
    }
}

struct FindReceivers {
    found: Vec<Receiver>,
    /// Whether control leaves all the code after what is visited.
    is_leaving: bool,
}

impl FindReceivers {
    fn add(&mut self, found: impl IntoIterator<Item = Receiver>) {
        let leaves = self.is_leaving;
        self.found.extend(found.into_iter().map(|receiver| Receiver { leaves, ..receiver }));
    }

    fn leaving(&mut self, is_leaving: bool, visit: impl FnOnce(&mut Self)) {
        let outer = self.is_leaving;
        self.is_leaving |= is_leaving;
        visit(self);
        self.is_leaving = outer;
    }
}

impl VisitMut for FindReceivers {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        if matches!(expr, Expr::Closure(_) | Expr::Async(_)) {
            self.add(Receiver::of_closure(expr));
            return;
        }
        if let Expr::If(branch) = expr
            && let Expr::Let(test) = &mut *branch.cond
        {
            // As a match, it can take all of a local.
            self.visit_expr_mut(&mut test.expr);
            self.add(Receiver::of_match(&branch.cond));
            self.visit_block_mut(&mut branch.then_branch);
            branch.else_branch.iter_mut().for_each(|(_, it)| self.visit_expr_mut(it));
            return;
        }
        let is_return = matches!(expr, Expr::Return(_));
        self.leaving(is_return, |this| visit_mut::visit_expr_mut(this, expr));
        self.add(Receiver::of(expr));
        self.add(Receiver::of_match(expr).or_else(|| Receiver::of_test(expr)));
        self.add(Receiver::of_part(expr));
    }

    fn visit_block_mut(&mut self, block: &mut syn::Block) {
        let is_leaving = uses::leaves_for_good(block);
        self.leaving(is_leaving, |this| visit_mut::visit_block_mut(this, block));
    }

    fn visit_local_mut(&mut self, local: &mut syn::Local) {
        visit_mut::visit_local_mut(self, local);
        let (Some(init), pat) = (&local.init, std::iter::once(&local.pat)) else { return };
        let is_part = init.diverge.is_none() && destructure::takes_part(&local.pat, &init.expr);
        if destructure::takes_out_of(&init.expr, pat) && !is_part {
            self.add(Receiver::matched(&init.expr));
        }
    }

    fn visit_macro_mut(&mut self, mac: &mut syn::Macro) {
        macros::map_arguments(mac, |argument, _| self.visit_expr_mut(argument));
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}

struct FindReassigned(Vec<Receiver>);

impl VisitMut for FindReassigned {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Closure(_) | Expr::Async(_) => return,
            Expr::Assign(assign) => {
                let receivers = Code::Expr(&mut assign.right).receivers().into_iter();
                let assigned = as_local(&assign.left);
                self.0.extend(receivers.filter(|r| Some(r.local) == assigned && !r.is_field));
            }
            _ => {}
        }
        visit_mut::visit_expr_mut(self, expr);
    }

    fn visit_macro_mut(&mut self, _: &mut syn::Macro) {}

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}

struct CountMentions {
    local: LocalId,
    count: usize,
}

impl VisitMut for CountMentions {
    fn visit_ident_mut(&mut self, ident: &mut syn::Ident) {
        self.count += usize::from(LocalId::from_unique(ident) == Some(self.local));
    }

    fn visit_macro_mut(&mut self, mac: &mut syn::Macro) {
        let found = crate::hir::locals_in(&mac.tokens);
        self.count += found.into_iter().filter(|local| *local == self.local).count();
    }
}

/// The call on `local` in an expression, if it is what the expression evaluates first.
fn leading_call(expr: &mut Expr, local: LocalId) -> Option<&mut Expr> {
    let is_captured = || Receiver::of_closure(expr).iter().any(|it| it.local == local);
    if Receiver::of(expr).is_some_and(|receiver| receiver.local == local) || is_captured() {
        return Some(expr);
    }
    let first = match expr {
        Expr::MethodCall(call) => match as_local(root_of(&call.receiver)) {
            None => &mut *call.receiver,
            Some(_) if uses::borrows_receiver(&call.method.to_string()) => {
                first_evaluated(call.args.iter_mut())?
            }
            Some(_) => return None,
        },
        Expr::Call(call) if is_path(&call.func) => first_evaluated(call.args.iter_mut())?,
        Expr::Binary(binary) => match left_is_skipped(binary) {
            true => &mut *binary.right,
            false => &mut *binary.left,
        },
        Expr::Assign(assign) if as_local(&assign.left).is_some() => &mut *assign.right,
        Expr::Tuple(tuple) => first_evaluated(tuple.elems.iter_mut())?,
        Expr::Array(array) => first_evaluated(array.elems.iter_mut())?,
        Expr::Struct(literal) => {
            first_evaluated(literal.fields.iter_mut().map(|field| &mut field.expr))?
        }
        Expr::Block(inner) => match &mut inner.block.stmts[..] {
            [syn::Stmt::Expr(tail, None)] => tail,
            _ => return None,
        },
        Expr::If(branch) => &mut *branch.cond,
        Expr::Match(matching) => &mut *matching.expr,
        Expr::ForLoop(round) => &mut *round.expr,
        Expr::Let(test) => &mut *test.expr,
        Expr::Field(inner) => &mut *inner.base,
        Expr::Index(inner) => &mut *inner.expr,
        Expr::Try(inner) => &mut *inner.expr,
        Expr::Paren(inner) => &mut *inner.expr,
        Expr::Cast(inner) => &mut *inner.expr,
        Expr::Reference(inner) => &mut *inner.expr,
        Expr::Unary(inner) => &mut *inner.expr,
        Expr::Return(inner) => inner.expr.as_deref_mut()?,
        Expr::Break(inner) => inner.expr.as_deref_mut()?,
        _ => return None,
    };
    leading_call(first, local)
}

fn first_evaluated<'e>(exprs: impl Iterator<Item = &'e mut Expr>) -> Option<&'e mut Expr> {
    let mut exprs = exprs;
    exprs.find(|expr| !is_skipped(expr))
}

/// Whether evaluating an expression has no effect, needs no drop and gives the same at any time.
fn is_skipped(expr: &Expr) -> bool {
    match expr {
        Expr::Lit(_) => true,
        Expr::Path(_) => is_path(expr),
        Expr::Unary(unary) => !matches!(unary.op, UnOp::Deref(_)) && is_skipped(&unary.expr),
        Expr::Reference(reference) => as_local(&reference.expr).is_some(),
        Expr::Paren(paren) => is_skipped(&paren.expr),
        _ => false,
    }
}

/// Whether the right operand is evaluated always, and before anything of the left one.
fn left_is_skipped(binary: &syn::ExprBinary) -> bool {
    match binary.op {
        BinOp::And(_) | BinOp::Or(_) => false,
        op if is_compound(op) => as_local(&binary.left).is_some(),
        _ => is_skipped(&binary.left),
    }
}

/// Whether an expression is the path of an item.
fn is_path(expr: &Expr) -> bool {
    matches!(expr, Expr::Path(_)) && as_local(expr).is_none()
}
