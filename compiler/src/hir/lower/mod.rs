//! From the user's tree to the small desugared form.
//!
//! Only constructs that contain a suspension are taken apart; everything else is kept whole. What
//! a suspension interrupts is given a name: operands that were evaluated before it, and
//! temporaries that outlive it.

mod children;
mod compound;
mod constants;
mod guards;
mod if_let;
mod items;
mod lend;
mod loops;
mod matches;
mod operands;
mod pat;
mod place;
mod plain;
mod stmt;
mod unsafe_code;

use std::collections::HashSet;

pub use pat::split_guard;
pub use place::is_place;
pub(super) use place::{is_simple_place, jumps_away};
pub use stmt::is_constructor;

use std::collections::HashMap;

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::visit_mut::VisitMut;
use syn::{Expr as Syntax, ExprMacro, Ident, Pat, PatIdent};

use compound::is_ordered;

use super::{
    Block, Body, Expr, ExprKind, LabelId, Let, Local, LocalId, LocalKind, Rename, Resolution,
    Split, Stmt, occurrence, root_of,
};
use crate::ast::{self, CoroutineFn, recursion, suspends};
use crate::diagnostics::Diagnostics;
use crate::edition::Edition;
use crate::hir::destructure::{self, Takes};

/// Whether the temporaries of a block's tail may outlive the tail.
pub fn leaves_temporaries(tail: &Expr) -> bool {
    match &tail.kind {
        ExprKind::Code(code) => place::leaves_temporaries(code),
        ExprKind::Operands { temporaries, .. } => {
            let is_kept =
                |(_, value): &(LocalId, Expr)| matches!(value.kind, ExprKind::Hold { .. });
            temporaries.iter().any(is_kept)
        }
        _ => false,
    }
}

/// Whether evaluating an expression may leave temporaries to the end of its statement.
pub fn expression_leaves_temporaries(expr: &Syntax) -> bool {
    place::leaves_temporaries(expr)
}

/// Desugars the body of a resolved function. The calls on the uses in `named`, by their number, get
/// statements of their own.
pub fn lower(
    function: &CoroutineFn,
    resolution: &Resolution,
    named: &HashSet<usize>,
) -> Result<Body, Diagnostics> {
    let mut lowering = Lowering {
        body: Body {
            arguments: resolution.arguments.iter().map(|argument| argument.local).collect(),
            locals: resolution.locals.clone(),
            labels: resolution.labels.clone(),
            root: Block { stmts: Vec::new(), tail: None },
            variables: None,
            taken_apart: Vec::new(),
            orders: resolution.orders,
            items: Vec::new(),
            has_unsafe: unsafe_code::may_be_in(function),
            edition: function.edition,
            needs_old_edition: false,
        },
        names: items::names_in(function),
        found: Diagnostics::default(),
        ends_temporaries: false,
        is_root: true,
    };
    let mut body = function.body.clone();
    let is_whole = function.block.is_none() && !ast::body_suspends(&body);
    if is_whole {
        lowering.body.variables = Some(lowering.move_arguments(&mut body));
    }
    for (index, argument) in resolution.arguments.iter().enumerate() {
        let variables = lowering.body.variables.as_ref();
        let local = variables.map_or(argument.local, |variables| variables[index]);
        let stmt = argument.pat.clone().map(|pat| lowering.argument(local, pat));
        lowering.body.taken_apart.push(stmt);
    }
    if is_whole {
        plain::infer(&mut lowering.body, &body);
        lowering.move_items(&mut body);
        let body = Syntax::Block(syn::ExprBlock { attrs: Vec::new(), label: None, block: body });
        lowering.body.root.tail = Some(lowering.boxed(&body));
        return lowering.found.or_ok(lowering.body);
    }
    if function.edition == Edition::Old {
        lowering.body.needs_old_edition = if_let::as_matches(&mut body);
    }
    constants::make_temporaries(&mut body);
    ast::mark_to_name(&mut body, &|expr| {
        occurrence(root_of(expr)).is_some_and(|use_| named.contains(&use_))
    });
    lowering.body.root = lowering.block(&body);
    plain::infer(&mut lowering.body, &body);
    lowering.found.or_ok(lowering.body)
}

/// The body under construction.
struct Lowering {
    body: Body,
    /// How often each name stands in the function.
    names: HashMap<String, usize>,
    found: Diagnostics,
    /// Whether the temporaries of the expression to lower next end with it.
    ends_temporaries: bool,
    /// Whether the next block is that of the function.
    is_root: bool,
}

impl Lowering {
    /// A new local that the user did not write.
    fn temporary(&mut self, name: &str, kind: LocalKind, span: Span) -> LocalId {
        let temporary = Local::temporary(Ident::new(name, span));
        self.body.locals.push(Local { kind, ..temporary })
    }

    /// A use of a local.
    fn local(&self, local: LocalId, span: Span) -> Syntax {
        let name = self.body.locals[local].unique(local, span);
        syn::parse_quote!(#name)
    }

    /// A pattern that binds just one local.
    fn binding(&self, local: LocalId, span: Span) -> Pat {
        let ident = self.body.locals[local].unique(local, span);
        Pat::Ident(PatIdent {
            attrs: Vec::new(),
            by_ref: None,
            mutability: None,
            ident,
            subpat: None,
        })
    }

    /// Gives each argument a variable, which the body uses: if nothing suspends, rustc can judge all uses.
    fn move_arguments(&mut self, body: &mut syn::Block) -> Vec<LocalId> {
        let mut variables = Vec::new();
        for argument in self.body.arguments.clone() {
            let declared = &self.body.locals[argument];
            let variable = Local { kind: LocalKind::Binding, ..declared.clone() };
            let span = declared.name.span();
            let id = self.body.locals.push(variable);
            let name = self.body.locals[id].unique(id, span);
            Rename::new(argument, name).visit_block_mut(body);
            variables.push(id);
        }
        variables
    }

    /// Takes a destructured argument apart. What is not bound lives as long as the argument.
    fn argument(&mut self, local: LocalId, pat: Pat) -> Stmt {
        if destructure::takes(&pat) != Takes::All && self.body.variables.is_none() {
            let holder = self.temporary("rest", LocalKind::Temporary, pat.span());
            let place = self.local(local, pat.span());
            return Stmt::Split(Split { pat, init: None, place, holder, otherwise: None });
        }
        // The user may not have named the variable.
        let span = pat.span().resolved_at(self.body.locals[local].name.span());
        let init = Some(Expr::code(self.local(local, span)));
        Stmt::Let(Let { attributes: Vec::new(), pat, ty: None, init, otherwise: None })
    }

    /// Lowers any expression; one that does not suspend stays code.
    fn expr(&mut self, expr: &Syntax) -> Expr {
        let ends_temporaries = std::mem::take(&mut self.ends_temporaries);
        let kind = match suspends(expr) {
            true => self.suspending(expr, ends_temporaries),
            false => ExprKind::Code(expr.clone()),
        };
        Expr { kind, span: expr.span() }
    }

    fn boxed(&mut self, expr: &Syntax) -> Box<Expr> {
        Box::new(self.expr(expr))
    }

    /// Lowers an expression whose temporaries end with it: a tail, a condition, an arm.
    fn terminating(&mut self, expr: &Syntax) -> Expr {
        self.ends_temporaries = true;
        self.expr(expr)
    }

    fn optional(&mut self, expr: Option<&Syntax>) -> Option<Box<Expr>> {
        expr.map(|expr| self.boxed(expr))
    }

    /// Lowers an expression that contains a suspension: one construct each.
    fn suspending(&mut self, expr: &Syntax, ends_temporaries: bool) -> ExprKind {
        match ast::without_name_mark(expr) {
            Some(call @ (Syntax::MethodCall(_) | Syntax::Call(_))) => {
                return self.named_call(&call);
            }
            Some(matching) => return self.suspending(&matching, ends_temporaries),
            None => {}
        }
        match expr {
            Syntax::Paren(syn::ExprParen { expr, .. })
            | Syntax::Group(syn::ExprGroup { expr, .. }) => self.suspending(expr, ends_temporaries),
            Syntax::Block(block) => {
                let label = block.label.as_ref().and_then(|l| LabelId::from_unique(&l.name));
                ExprKind::Block(label, self.block(&block.block))
            }
            Syntax::Unsafe(block) => ExprKind::Block(None, self.block(&block.block)),
            Syntax::If(branch) => self.branch(branch, false),
            Syntax::Match(matching) => self.matching(matching, false),
            Syntax::Loop(round) => self.endless(round),
            Syntax::While(round) => self.while_loop(round),
            Syntax::ForLoop(round) => self.for_loop(round),
            Syntax::Break(jump) => self.break_with(jump),
            Syntax::Return(leave) => {
                ExprKind::Return { value: self.optional(leave.expr.as_deref()) }
            }
            Syntax::Await(awaited) => self.awaiting(awaited),
            Syntax::Macro(mac) if ast::is_suspend(&mac.mac) => self.suspend(mac),
            Syntax::Binary(binary) if is_lazy(binary.op) => self.lazy(binary),
            Syntax::Binary(binary) if is_ordered(binary) => self.compound(binary),
            _ => self.operands(expr, ends_temporaries),
        }
    }

    fn awaiting(&mut self, awaited: &syn::ExprAwait) -> ExprKind {
        let span = awaited.await_token.span();
        let name = place::operand_name(&recursion::as_written(&awaited.base));
        let future = self.temporary(&name, LocalKind::Awaited, span);
        self.with_operand(&awaited.base, |operand| ExprKind::Await {
            operand: Box::new(operand),
            future,
        })
    }

    /// A call that is evaluated in a statement of its own.
    fn named_call(&mut self, call: &Syntax) -> ExprKind {
        let mut temporaries = Vec::new();
        let call = self.call(call, &mut temporaries);
        match temporaries.is_empty() {
            true => ExprKind::Code(call),
            false => ExprKind::Operands { temporaries, value: Box::new(Expr::code(call)) },
        }
    }

    fn suspend(&mut self, mac: &ExprMacro) -> ExprKind {
        let value = mac.mac.parse_body::<Syntax>().ok();
        ExprKind::Suspend { value: self.optional(value.as_ref()) }
    }

    /// `a && b` and `a || b`, where one of them suspends: a condition.
    fn lazy(&mut self, binary: &syn::ExprBinary) -> ExprKind {
        let condition = self.boxed(&binary.left);
        let right = Box::new(self.terminating(&binary.right));
        let right = Block { stmts: Vec::new(), tail: Some(right) };
        let constant = |value: bool| Expr::code(syn::parse_quote!(#value));
        match binary.op {
            syn::BinOp::And(_) => {
                ExprKind::If { condition, then: right, otherwise: Some(Box::new(constant(false))) }
            }
            _ => ExprKind::If {
                condition,
                then: Block { stmts: Vec::new(), tail: Some(Box::new(constant(true))) },
                otherwise: Some(Box::new(Expr {
                    span: binary.right.span(),
                    kind: ExprKind::Block(None, right),
                })),
            },
        }
    }
}

fn is_lazy(op: syn::BinOp) -> bool {
    matches!(op, syn::BinOp::And(_) | syn::BinOp::Or(_))
}
