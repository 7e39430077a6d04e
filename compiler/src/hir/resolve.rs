//! Gives every local and label of the body a unique name.
//!
//! After this pass a name says which local it is, wherever it stands: in code that is moved to
//! another block, in the arguments of a macro, in a closure. Formatting macros get their inline
//! captures spelled out, `S { x }` becomes `S { x: x }`, `self` becomes an ordinary local.

use std::collections::HashMap;

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Arm, Block, Expr, ExprBreak, ExprClosure, ExprContinue, ExprForLoop, ExprIf, ExprLoop,
    ExprMacro, ExprPath, ExprWhile, FieldPat, FieldValue, FnArg, Ident, Item, Lifetime, Local,
    Macro, Member, Pat, PatIdent, Path, ReceiverKind, Stmt, StmtMacro,
};

use super::assignment;
use super::captures::{Context, FreeName};
use super::lower::is_simple_place;
use super::tokens::{self, Names};
use super::{Label, LabelId, LocalId, LocalKind};
use crate::ast::{CoroutineFn, macros, suspends};
use crate::diagnostics::{self, Diagnostics};
use crate::index::IndexVec;

/// The locals and labels that the unique names refer to.
#[derive(Debug)]
pub struct Resolution {
    /// All locals so far.
    pub locals: IndexVec<LocalId, super::Local>,
    /// All labels.
    pub labels: IndexVec<LabelId, Label>,
    /// For each argument the local that holds it, and the pattern that takes it apart.
    pub arguments: Vec<Argument>,
    /// How many assignments are marked because their order of evaluation depends on types.
    pub orders: usize,
}

/// One argument of the function.
#[derive(Debug)]
pub struct Argument {
    /// The local that holds the argument.
    pub local: LocalId,
    /// The pattern in the signature, unless it is just a name.
    pub pat: Option<Pat>,
}

/// Renames the locals and labels of a function.
pub fn resolve(function: &CoroutineFn) -> Result<(CoroutineFn, Resolution), Diagnostics> {
    let mut function = function.clone();
    let mut resolver = Resolver { is_block: function.block.is_some(), ..Resolver::default() };
    resolver.scopes.push(HashMap::new());
    let arguments = function.signature.inputs.iter().enumerate();
    let arguments: Vec<Argument> =
        arguments.map(|(index, argument)| resolver.argument(index, argument)).collect();
    resolver.visit_block_mut(&mut function.body);
    let resolution = Resolution {
        locals: resolver.locals,
        labels: resolver.labels,
        arguments,
        orders: resolver.orders,
    };
    resolver.found.or_ok((function, resolution))
}

/// The names that a body uses and does not declare, in the order in which rustc comes upon them.
pub(super) fn free_names(body: &Block) -> Vec<FreeName> {
    let mut resolver = Resolver { free: Some(Vec::new()), ..Resolver::default() };
    resolver.visit_block_mut(&mut body.clone());
    resolver.free.unwrap_or_default()
}

#[derive(Default)]
struct Resolver {
    locals: IndexVec<LocalId, super::Local>,
    labels: IndexVec<LabelId, Label>,
    /// The names in scope, innermost last.
    scopes: Vec<HashMap<String, LocalId>>,
    /// The loops and labelled blocks around the current place, innermost last; `None` is the
    /// border of a closure or `async` block, which no `break` crosses.
    around: Vec<Option<Around>>,
    /// How many uses of locals there are so far.
    uses: usize,
    /// How many assignments are marked so far.
    orders: usize,
    found: Diagnostics,
    /// Whether it is a block in an expression, with a body around it.
    is_block: bool,
    /// If they are asked for, the names that are not declared.
    free: Option<Vec<FreeName>>,
    /// How the next name is used.
    context: Context,
}

#[derive(Clone)]
struct Around {
    label: LabelId,
    name: Option<Ident>,
    kind: AroundKind,
}

/// What a jump leaves or repeats.
#[derive(Clone, Copy, PartialEq, Eq)]
enum AroundKind {
    Block,
    Loop,
    /// `while` or `for`, which have no value.
    Rounds,
}

impl Resolver {
    fn declare(&mut self, name: &Ident, kind: LocalKind) -> LocalId {
        self.locals.push(super::Local {
            name: name.clone(),
            kind,
            is_mutable: false,
            ty: None,
            is_plain: false,
            is_copy: false,
            is_number: false,
            is_waiting: false,
            depth: 0,
            is_anonymous: false,
        })
    }

    fn enter(&mut self, name: String, local: LocalId) {
        self.scopes.last_mut().expect("a scope is open").insert(name, local);
    }

    fn find(&self, name: &str) -> Option<LocalId> {
        self.scopes.iter().rev().find_map(|scope| scope.get(name)).copied()
    }

    fn scoped(&mut self, visit: impl FnOnce(&mut Self)) {
        self.scopes.push(HashMap::new());
        visit(self);
        self.scopes.pop();
    }

    fn argument(&mut self, index: usize, argument: &FnArg) -> Argument {
        let local = match argument {
            FnArg::Receiver(receiver) => {
                let name = Ident::new("self_", receiver.self_token.span());
                let local = self.declare(&name, LocalKind::Argument);
                self.locals[local].is_mutable = receiver.mutability.is_some();
                self.locals[local].is_plain = matches!(receiver.kind, ReceiverKind::Reference(..));
                self.enter("self".to_owned(), local);
                return Argument { local, pat: None };
            }
            FnArg::Typed(typed) => typed,
        };
        match &*local.pat {
            Pat::Ident(PatIdent { by_ref: None, subpat: None, ident, mutability, .. }) => {
                let id = self.declare(ident, LocalKind::Argument);
                self.locals[id].is_mutable = mutability.is_some();
                self.enter(ident.to_string(), id);
                self.locals[id].ty = known(&local.ty);
                Argument { local: id, pat: None }
            }
            pat => {
                let name = super::argument_name(index);
                let id = self.declare(&name, LocalKind::Argument);
                self.locals[id].ty = Some((*local.ty).clone());
                let mut pat = pat.clone();
                self.bind(&mut pat);
                let is_wild = matches!(pat, Pat::Wild(_));
                Argument { local: id, pat: (!is_wild).then_some(pat) }
            }
        }
    }

    /// Renames what a pattern binds, and what its paths and guards use.
    fn bind(&mut self, pat: &mut Pat) {
        let mut binder = Binder { resolver: self, bound: HashMap::new() };
        binder.visit_pat_mut(pat);
        let bound = binder.bound;
        self.scopes.last_mut().expect("a scope is open").extend(bound);
        struct Guards<'a>(&'a mut Resolver);
        impl VisitMut for Guards<'_> {
            fn visit_expr_mut(&mut self, guard: &mut Expr) {
                self.0.visit_expr_mut(guard);
            }
        }
        Guards(self).visit_pat_mut(pat);
    }

    /// Binds the one name of a `let`, whatever its case: a constant makes no sense there.
    fn bind_name(&mut self, pat: &mut Pat) {
        if let Pat::Ident(ident) = pat
            && is_constant(ident, &ident.ident.to_string())
        {
            let (text, span) = (ident.ident.to_string(), ident.ident.span());
            let local = self.declare(&ident.ident, LocalKind::Binding);
            ident.ident = local.unique(&text, span);
            return self.enter(text, local);
        }
        self.bind(pat);
    }

    fn around<R>(&mut self, around: Option<Around>, visit: impl FnOnce(&mut Self) -> R) -> R {
        self.around.push(around);
        let result = visit(self);
        self.around.pop();
        result
    }

    /// Gives a loop or block its unique label.
    fn label(&mut self, label: &mut Option<syn::Label>, span: Span, kind: AroundKind) -> Around {
        let name = label.as_ref().map(|label| label.name.ident.clone());
        let id = self.labels.push(Label { name: name.clone(), span });
        let text = name.as_ref().map_or_else(|| "loop".to_owned(), Ident::to_string);
        let unique = id.unique(&text, label.as_ref().map_or(span, |label| label.name.span()));
        *label = Some(syn::Label { name: unique, colon_token: Default::default() });
        Around { label: id, name, kind }
    }

    /// Finds what a `break` or `continue` refers to, and writes the unique label into it. One that
    /// nothing around has stays as it is: the compiler says so about the witness.
    fn jump(&mut self, label: &mut Option<Lifetime>, has_value: bool, span: Span) {
        let target =
            self.around.iter().rev().map_while(Option::as_ref).find(|around| match label {
                Some(label) => around.name.as_ref() == Some(&label.ident),
                None => around.kind != AroundKind::Block,
            });
        match target {
            Some(around) if !has_value || around.kind != AroundKind::Rounds => {
                let name = around.name.as_ref().map_or_else(|| "loop".to_owned(), Ident::to_string);
                *label = Some(around.label.unique(&name, span));
            }
            None if !self.is_block && label.is_some() && !has_value
                || self.around.iter().any(Option::is_none) => {}
            _ => {
                let ident = Ident::new("here", span);
                self.found.push(diagnostics::break_outside(&ident));
            }
        }
    }

    /// Says how the name is used that is visited next, if `expr` is one.
    fn use_in(&mut self, expr: &Expr, context: Context) {
        match expr {
            Expr::Paren(inner) => self.use_in(&inner.expr, context),
            Expr::Path(_) => self.context = context,
            _ => {}
        }
    }

    /// Says of the parts of an expression how a name is used in them.
    fn uses_in(&mut self, expr: &Expr) {
        match expr {
            Expr::Call(call) => self.use_in(&call.func, Context::Unknown),
            Expr::Field(field) => self.use_in(&field.base, Context::Part),
            Expr::Match(matching) => self.use_in(&matching.expr, Context::Part),
            _ => {}
        }
    }
}

impl Names for Resolver {
    fn used(&mut self, name: &Ident) -> Option<Ident> {
        let local = self.find(&name.to_string());
        if local.is_none() {
            let found = FreeName { name: name.clone(), context: Context::Unknown };
            self.free.iter_mut().for_each(|free| free.push(found.clone()));
        }
        local.map(|local| local.unique(&name_of(name), name.span()))
    }

    fn is_local(&self, name: &str) -> bool {
        self.find(name).is_some()
    }
}

/// The pattern of a `let`, if it is just a name without a type.
fn name_in(pat: &mut Pat) -> Option<&mut Pat> {
    matches!(pat, Pat::Ident(ident) if ident.subpat.is_none()).then_some(pat)
}

/// A type, unless it is to be inferred.
fn known(ty: &syn::Type) -> Option<syn::Type> {
    (!matches!(ty, syn::Type::Infer(_))).then(|| ty.clone())
}

/// The name part of a unique name for a use of `ident`.
fn name_of(ident: &Ident) -> String {
    match ident.to_string().as_str() {
        "self" => "self_".to_owned(),
        name => name.to_owned(),
    }
}

impl VisitMut for Resolver {
    fn visit_block_mut(&mut self, block: &mut Block) {
        self.scoped(|this| visit_mut::visit_block_mut(this, block));
    }

    fn visit_stmt_mut(&mut self, stmt: &mut Stmt) {
        if let Stmt::Macro(StmtMacro { mac, semi_token, .. }) = stmt
            && let Some(expr) = macros::spell_out(mac)
        {
            *stmt = Stmt::Expr(expr, *semi_token);
        }
        visit_mut::visit_stmt_mut(self, stmt);
    }

    fn visit_local_mut(&mut self, local: &mut Local) {
        if let Some(init) = &mut local.init {
            if name_in(&mut local.pat).is_none() {
                self.use_in(&init.expr, Context::Part);
            }
            self.visit_expr_mut(&mut init.expr);
            if let Some((_, otherwise)) = &mut init.diverge {
                self.visit_expr_mut(otherwise);
            }
        }
        let is_refutable = local.init.as_ref().is_some_and(|init| init.diverge.is_some());
        match name_in(&mut local.pat) {
            Some(name) if !is_refutable && local.init.is_some() => self.bind_name(name),
            _ => self.bind(&mut local.pat),
        }
    }

    fn visit_arm_mut(&mut self, arm: &mut Arm) {
        self.scoped(|this| {
            this.bind(&mut arm.pat);
            this.visit_expr_mut(&mut arm.body);
        });
    }

    fn visit_expr_let_mut(&mut self, expr: &mut syn::ExprLet) {
        self.use_in(&expr.expr, Context::Part);
        self.visit_expr_mut(&mut expr.expr);
        self.bind(&mut expr.pat);
    }

    fn visit_expr_if_mut(&mut self, expr: &mut ExprIf) {
        self.scoped(|this| {
            this.visit_expr_mut(&mut expr.cond);
            this.visit_block_mut(&mut expr.then_branch);
        });
        if let Some((_, otherwise)) = &mut expr.else_branch {
            self.visit_expr_mut(otherwise);
        }
    }

    fn visit_expr_while_mut(&mut self, expr: &mut ExprWhile) {
        let around = self.label(&mut expr.label, expr.while_token.span(), AroundKind::Rounds);
        self.around(Some(around), |this| {
            this.scoped(|this| {
                this.visit_expr_mut(&mut expr.cond);
                this.visit_block_mut(&mut expr.body);
            });
        });
    }

    fn visit_expr_for_loop_mut(&mut self, expr: &mut ExprForLoop) {
        self.visit_expr_mut(&mut expr.expr);
        let around = self.label(&mut expr.label, expr.for_token.span(), AroundKind::Rounds);
        self.around(Some(around), |this| {
            this.scoped(|this| {
                this.bind(&mut expr.pat);
                this.visit_block_mut(&mut expr.body);
            });
        });
    }

    fn visit_expr_loop_mut(&mut self, expr: &mut ExprLoop) {
        let around = self.label(&mut expr.label, expr.loop_token.span(), AroundKind::Loop);
        self.around(Some(around), |this| this.visit_block_mut(&mut expr.body));
    }

    fn visit_expr_block_mut(&mut self, expr: &mut syn::ExprBlock) {
        if expr.label.is_none() {
            return self.visit_block_mut(&mut expr.block);
        }
        let span = expr.block.brace_token.span.open();
        let around = self.label(&mut expr.label, span, AroundKind::Block);
        self.around(Some(around), |this| this.visit_block_mut(&mut expr.block));
    }

    fn visit_expr_break_mut(&mut self, expr: &mut ExprBreak) {
        if let Some(value) = &mut expr.expr {
            self.visit_expr_mut(value);
        }
        self.jump(&mut expr.label, expr.expr.is_some(), expr.break_token.span());
    }

    fn visit_expr_continue_mut(&mut self, expr: &mut ExprContinue) {
        self.jump(&mut expr.label, false, expr.continue_token.span());
    }

    fn visit_expr_closure_mut(&mut self, expr: &mut ExprClosure) {
        self.around(None, |this| {
            this.scoped(|this| {
                expr.inputs.iter_mut().for_each(|pat| this.bind(pat));
                this.visit_expr_mut(&mut expr.body);
            });
        });
    }

    fn visit_expr_async_mut(&mut self, expr: &mut syn::ExprAsync) {
        self.around(None, |this| this.visit_block_mut(&mut expr.block));
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        if let Expr::Macro(ExprMacro { mac, .. }) = expr
            && let Some(spelled_out) = macros::spell_out(mac)
        {
            *expr = spelled_out;
        }
        if let Expr::Assign(assign) = expr
            && let Some(block) = assignment::spell_out(assign)
        {
            *expr = block;
        }
        self.uses_in(expr);
        if let Expr::Binary(binary) = expr
            && assignment::is_compound(binary.op)
            && !is_simple_place(&binary.left)
            && (suspends(&binary.left) || suspends(&binary.right))
        {
            assignment::mark_order(binary, self.orders);
            self.orders += 1;
        }
        visit_mut::visit_expr_mut(self, expr);
    }

    fn visit_expr_assign_mut(&mut self, assign: &mut syn::ExprAssign) {
        self.visit_expr_mut(&mut assign.left);
        if !matches!(*assign.left, Expr::Path(_) | Expr::Field(_) | Expr::Index(_) | Expr::Unary(_))
        {
            self.use_in(&assign.right, Context::Part);
        }
        self.visit_expr_mut(&mut assign.right);
    }

    fn visit_expr_path_mut(&mut self, expr: &mut ExprPath) {
        let context = std::mem::take(&mut self.context);
        if expr.qself.is_none() {
            if let (Some(free), Some(name)) = (&mut self.free, expr.path.get_ident())
                && !self.scopes.iter().any(|scope| scope.contains_key(&name.to_string()))
            {
                free.push(FreeName { name: name.clone(), context });
            }
            self.visit_path_mut(&mut expr.path);
        }
    }

    fn visit_path_mut(&mut self, path: &mut Path) {
        if let Some(ident) = path.get_ident()
            && let Some(local) = self.find(&ident.to_string())
        {
            let unique = local.unique(&name_of(ident), ident.span());
            let use_of = format!("{unique}·use{}", self.uses);
            self.uses += 1;
            path.segments[0].ident = Ident::new(&use_of, ident.span());
        }
    }

    fn visit_type_mut(&mut self, _: &mut syn::Type) {}

    fn visit_field_value_mut(&mut self, field: &mut FieldValue) {
        if field.colon_token.is_none() && matches!(field.member, Member::Named(_)) {
            field.colon_token = Some(Default::default());
        }
        self.visit_expr_mut(&mut field.expr);
    }

    fn visit_expr_struct_mut(&mut self, expr: &mut syn::ExprStruct) {
        expr.fields.iter_mut().for_each(|field| self.visit_field_value_mut(field));
        if let Some(rest) = &mut expr.rest {
            self.visit_expr_mut(rest);
        }
    }

    fn visit_macro_mut(&mut self, mac: &mut Macro) {
        if macros::is_inert(mac) {
            return;
        }
        macros::spell_out_captures(mac);
        if !macros::map_arguments(mac, |expr, _| self.visit_expr_mut(expr)) {
            tokens::rename(mac, self);
        }
    }

    fn visit_item_mut(&mut self, _: &mut Item) {}
    fn visit_attribute_mut(&mut self, _: &mut syn::Attribute) {}
}

/// Renames the bindings of one pattern; the cases of an or-pattern share them.
struct Binder<'a> {
    resolver: &'a mut Resolver,
    bound: HashMap<String, LocalId>,
}

impl VisitMut for Binder<'_> {
    fn visit_pat_mut(&mut self, pat: &mut Pat) {
        if let Pat::Type(typed) = pat {
            let ty = (*typed.ty).clone();
            self.visit_pat_mut(&mut typed.pat);
            if let Pat::Ident(ident) = &*typed.pat
                && let Some(local) = LocalId::from_unique(&ident.ident)
            {
                self.resolver.locals[local].ty = Some(ty);
            }
            return;
        }
        visit_mut::visit_pat_mut(self, pat);
    }

    fn visit_pat_ident_mut(&mut self, pat: &mut PatIdent) {
        if let Some((_, subpat)) = &mut pat.subpat {
            self.visit_pat_mut(subpat);
        }
        let text = pat.ident.to_string();
        if is_constant(pat, &text) {
            return;
        }
        let local = match self.bound.get(&text) {
            Some(local) => *local,
            None => self.resolver.declare(&pat.ident, LocalKind::Binding),
        };
        self.resolver.locals[local].is_mutable |= pat.by_ref.is_none() && pat.mutability.is_some();
        pat.ident = local.unique(&text, pat.ident.span());
        self.bound.insert(text, local);
    }

    fn visit_field_pat_mut(&mut self, field: &mut FieldPat) {
        if field.colon_token.is_none() {
            field.colon_token = Some(Default::default());
        }
        self.visit_pat_mut(&mut field.pat);
    }

    fn visit_expr_mut(&mut self, _: &mut Expr) {}
    fn visit_type_mut(&mut self, _: &mut syn::Type) {}
    fn visit_path_mut(&mut self, _: &mut Path) {}
}

/// Whether an identifier in a pattern names a constant or a unit variant rather than a variable:
/// told by its capital letter, which rustc's own lints ask for.
fn is_constant(pat: &PatIdent, text: &str) -> bool {
    pat.by_ref.is_none()
        && pat.mutability.is_none()
        && pat.subpat.is_none()
        && text.trim_start_matches('_').starts_with(char::is_uppercase)
}
