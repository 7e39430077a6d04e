//! Finds the locals whose type needs no drop, as far as the syntax shows it, and those whose type
//! may name a closure.

use std::collections::HashSet;

use syn::visit::{self, Visit};
use syn::{BinOp, Expr as Syntax, Lit, Pat, Type, UnOp};

use super::super::{
    Arm, Block, Body, Expr, ExprKind, Guard, Let, Local, LocalId, LocalKind, Stmt, as_local,
    bindings,
};
use super::compound;
use crate::index::Id;

/// Fills in `is_plain` and `is_anonymous` of every local, for the body that was lowered from `user`.
pub(super) fn infer(body: &mut Body, user: &syn::Block) {
    let has_closures = user.stmts.iter().any(|stmt| {
        let block = syn::parse_quote!({ #stmt });
        names_closure(&block, &HashSet::new())
    });
    for local in body.locals.iter_mut() {
        local.is_plain |= local.ty.as_ref().is_some_and(is_plain_type);
        local.is_number |= local.ty.as_ref().is_some_and(is_number_type);
        local.is_copy |= local.ty.as_ref().is_some_and(is_copy_type);
        if local.kind == LocalKind::Binding {
            local.is_anonymous = false;
        }
    }
    let mut walk = Walk { lets: Vec::new(), operands: Vec::new(), cast: Vec::new() };
    body.taken_apart.iter().flatten().for_each(|stmt| walk.stmt(stmt));
    walk.block(&body.root);
    let mut anonymous: HashSet<LocalId> = HashSet::new();
    for local in walk.cast {
        body.locals[local].is_plain = true;
        body.locals[local].is_copy = true;
        body.locals[local].is_number = true;
    }
    for (pat, _) in &walk.lets {
        for (local, is_copy) in bound_by_reference(pat) {
            body.locals[local].is_plain = true;
            body.locals[local].is_copy = is_copy;
        }
    }
    for (pat, init) in walk.lets {
        let plain = match (&pat, init) {
            (_, Some(Init::Code(code))) => is_plain_value(body, code),
            _ => false,
        };
        if let (Pat::Ident(ident), true) = (&pat, plain)
            && ident.by_ref.is_none()
            && let Some(local) = LocalId::from_unique(&ident.ident)
        {
            body.locals[local].is_plain = true;
            let is_untyped = body.locals[local].ty.is_none();
            if let (true, Some(Init::Code(code))) = (is_untyped, init) {
                body.locals[local].is_copy = is_copy_value(body, code);
                body.locals[local].is_number = is_number_value(code);
            }
        }
        let is_anonymous = match init {
            Some(Init::Code(code)) => names_closure(code, &anonymous),
            Some(Init::Anonymous) => has_closures,
            None => false,
        };
        if is_anonymous {
            anonymous.extend(bindings(&pat));
        }
    }
    for (local, init) in walk.operands {
        if let Init::Code(code) = init {
            let is_plain = is_plain_value(body, code);
            body.locals[local].is_copy |= is_plain && is_copy_value(body, code);
            body.locals[local].is_plain |= is_plain;
        }
    }
    for id in unknown_to_witness(body, user) {
        body.locals[id].is_anonymous = true;
    }
    for id in body.locals.ids() {
        if anonymous.contains(&id) && body.locals[id].ty.is_none() {
            body.locals[id].is_anonymous = true;
        }
        debug_assert!(id.index() < body.locals.len());
    }
}

/// The locals of which the witness states no type: it takes an argument apart in the user's words, and does
/// not know the copies of a guard and of what that declares.
fn unknown_to_witness(body: &Body, user: &syn::Block) -> Vec<LocalId> {
    let declared = compound::declared_in(user);
    let is_copy = |(id, local): (LocalId, &Local)| {
        (local.kind == LocalKind::Binding && !declared.contains(&id)).then_some(id)
    };
    let copies = body.locals.iter_enumerated().filter_map(is_copy);
    body.taken_apart.iter().flatten().flat_map(bound_by).chain(copies).collect()
}

/// The bindings of a pattern that are references, and whether they can be copied.
fn bound_by_reference(pat: &Pat) -> Vec<(LocalId, bool)> {
    struct Collect(Vec<(LocalId, bool)>);
    impl<'ast> Visit<'ast> for Collect {
        fn visit_pat_ident(&mut self, pat: &'ast syn::PatIdent) {
            let local = LocalId::from_unique(&pat.ident).filter(|_| pat.by_ref.is_some());
            self.0.extend(local.map(|local| (local, pat.mutability.is_none())));
            visit::visit_pat_ident(self, pat);
        }
        fn visit_expr(&mut self, _: &'ast Syntax) {}
    }
    let mut collect = Collect(Vec::new());
    collect.visit_pat(pat);
    collect.0
}

/// What a statement binds.
fn bound_by(stmt: &Stmt) -> Vec<LocalId> {
    match stmt {
        Stmt::Let(binding) => bindings(&binding.pat),
        Stmt::Split(split) => bindings(&split.pat),
        _ => Vec::new(),
    }
}

/// What a binding is bound to.
#[derive(Clone, Copy)]
enum Init<'a> {
    Code(&'a Syntax),
    Anonymous,
}

/// Collects every binding with its initialiser, in order.
struct Walk<'a> {
    lets: Vec<(Pat, Option<Init<'a>>)>,
    /// The operands with a name, and their values.
    operands: Vec<(LocalId, Init<'a>)>,
    /// The locals that are cast with `as`: only built-in types without drop are.
    cast: Vec<LocalId>,
}

impl<'ast> Visit<'ast> for Walk<'_> {
    fn visit_expr_cast(&mut self, cast: &'ast syn::ExprCast) {
        self.cast.extend(as_local(&cast.expr));
        visit::visit_expr_cast(self, cast);
    }
}

impl<'a> Walk<'a> {
    fn block(&mut self, block: &'a Block) {
        block.stmts.iter().for_each(|stmt| self.stmt(stmt));
        block.tail.iter().for_each(|tail| self.expr(tail));
    }

    fn stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::Let(binding) => self.binding(binding),
            Stmt::Expr(expr) => self.expr(expr),
            Stmt::End(_) | Stmt::EndIn2024(_) | Stmt::RequireEdition2024 => {}
            Stmt::Split(split) => {
                split.init.iter().for_each(|(_, init)| self.expr(init));
                split.otherwise.iter().for_each(|block| self.block(block));
                self.lets.push((split.pat.clone(), Some(Init::Anonymous)));
            }
            Stmt::Code(stmt) => self.visit_stmt(stmt),
        }
    }

    fn arms(&mut self, arms: &'a [Arm], init: Init<'a>) {
        for arm in arms {
            self.lets.push((arm.pat.clone(), Some(init)));
            self.expr(&arm.body);
        }
    }

    fn binding(&mut self, binding: &'a Let) {
        binding.init.iter().for_each(|init| self.expr(init));
        binding.otherwise.iter().for_each(|block| self.block(block));
        self.lets.push((binding.pat.clone(), binding.init.as_ref().map(init_of)));
    }

    fn expr(&mut self, expr: &'a Expr) {
        match &expr.kind {
            ExprKind::Code(code) => self.visit_expr(code),
            ExprKind::Continue { .. } | ExprKind::Lend { .. } | ExprKind::Restore { .. } => {}
            ExprKind::Block(_, block) | ExprKind::Loop { body: block, .. } => self.block(block),
            ExprKind::If { condition, then, otherwise } => {
                self.expr(condition);
                self.block(then);
                otherwise.iter().for_each(|otherwise| self.expr(otherwise));
            }
            ExprKind::Match { scrutinee, arms } => {
                self.expr(scrutinee);
                self.arms(arms, init_of(scrutinee));
            }
            ExprKind::Split { arms, .. } => self.arms(arms, Init::Anonymous),
            ExprKind::Guarded { arms, .. } => {
                for arm in arms {
                    for case in &arm.cases {
                        if let Some(Guard::Suspends { condition, .. }) = &case.guard {
                            self.expr(condition);
                        }
                        self.lets.push((case.taking.clone(), Some(Init::Anonymous)));
                    }
                    self.expr(&arm.body);
                }
            }
            ExprKind::Break { value, .. }
            | ExprKind::Return { value }
            | ExprKind::Suspend { value } => {
                value.iter().for_each(|value| self.expr(value));
            }
            ExprKind::Await { operand, .. } => self.expr(operand),
            ExprKind::Hold { value, .. } => self.visit_expr(value),
            ExprKind::Operands { temporaries, value } => {
                for (local, operand) in temporaries {
                    self.expr(operand);
                    self.operands.push((*local, init_of(operand)));
                }
                self.expr(value);
            }
        }
    }
}

/// What a value comes from, as far as its type is concerned.
fn init_of(expr: &Expr) -> Init<'_> {
    match &expr.kind {
        ExprKind::Code(code) => Init::Code(code),
        ExprKind::Operands { value, .. } => init_of(value),
        ExprKind::Await { operand, .. } => init_of(operand),
        _ => Init::Anonymous,
    }
}

/// Whether the type of a value may name a closure or `async` block that is written here.
fn names_closure(expr: &Syntax, anonymous: &HashSet<LocalId>) -> bool {
    struct Find<'a> {
        anonymous: &'a HashSet<LocalId>,
        is_found: bool,
    }
    impl<'ast> Visit<'ast> for Find<'_> {
        fn visit_expr(&mut self, expr: &'ast Syntax) {
            self.is_found |= matches!(expr, Syntax::Closure(_) | Syntax::Async(_));
            self.is_found |= as_local(expr).is_some_and(|local| self.anonymous.contains(&local));
            visit::visit_expr(self, expr);
        }
        fn visit_macro(&mut self, mac: &'ast syn::Macro) {
            if let Some(arguments) = crate::ast::macros::arguments(mac) {
                arguments.iter().for_each(|argument| self.visit_expr(&argument.expr));
            }
        }
    }
    let mut find = Find { anonymous, is_found: false };
    find.visit_expr(expr);
    find.is_found
}

/// Whether a type needs no drop: numbers, references, pointers and what is made of them.
fn is_plain_type(ty: &Type) -> bool {
    const PLAIN: [&str; 17] = [
        "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize",
        "f32", "f64", "bool", "char", "str",
    ];
    match ty {
        Type::Path(path) => {
            path.path.get_ident().is_some_and(|ident| PLAIN.iter().any(|name| ident == name))
        }
        Type::Array(array) => is_plain_type(&array.elem),
        Type::Tuple(tuple) => tuple.elems.iter().all(is_plain_type),
        Type::Paren(paren) => is_plain_type(&paren.elem),
        Type::Reference(_) | Type::Ptr(_) | Type::FnPtr(_) | Type::Never(_) => true,
        _ => false,
    }
}

/// Whether a type is a number, `bool` or `char`, or made of these.
fn is_number_type(ty: &Type) -> bool {
    match ty {
        Type::Path(_) => is_plain_type(ty),
        Type::Array(array) => is_number_type(&array.elem),
        Type::Tuple(tuple) => tuple.elems.iter().all(is_number_type),
        Type::Paren(paren) => is_number_type(&paren.elem),
        _ => false,
    }
}

/// Whether a value is a literal other than a string, or made of these.
fn is_number_value(expr: &Syntax) -> bool {
    match expr {
        Syntax::Lit(literal) => {
            !matches!(literal.lit, Lit::Str(_) | Lit::ByteStr(_) | Lit::CStr(_) | Lit::Verbatim(_))
        }
        Syntax::Array(array) => array.elems.iter().all(is_number_value),
        Syntax::Tuple(tuple) => tuple.elems.iter().all(is_number_value),
        Syntax::Repeat(repeat) => is_number_value(&repeat.expr),
        Syntax::Unary(unary) => is_number_value(&unary.expr),
        Syntax::Paren(paren) => is_number_value(&paren.expr),
        Syntax::Binary(_) => true,
        _ => false,
    }
}

/// Whether a type is `Copy`: as [`is_plain_type`], without mutable references.
fn is_copy_type(ty: &Type) -> bool {
    match ty {
        Type::Array(array) => is_copy_type(&array.elem),
        Type::Tuple(tuple) => tuple.elems.iter().all(is_copy_type),
        Type::Paren(paren) => is_copy_type(&paren.elem),
        Type::Reference(reference) => reference.mutability.is_none(),
        Type::Never(_) => false,
        ty => is_plain_type(ty),
    }
}

/// Whether a value that needs no drop is `Copy`.
fn is_copy_value(body: &Body, expr: &Syntax) -> bool {
    match expr {
        Syntax::Reference(reference) => reference.mutability.is_none(),
        Syntax::Cast(_) => false,
        Syntax::Paren(paren) => is_copy_value(body, &paren.expr),
        Syntax::Array(array) => array.elems.iter().all(|elem| is_copy_value(body, elem)),
        Syntax::Tuple(tuple) => tuple.elems.iter().all(|elem| is_copy_value(body, elem)),
        Syntax::Repeat(repeat) => is_copy_value(body, &repeat.expr),
        Syntax::Path(_) => as_local(expr).is_some_and(|local| body.locals[local].is_copy),
        _ => true,
    }
}

/// Whether a value needs no drop: literals, references, comparisons, casts, and arithmetic on them.
fn is_plain_value(body: &Body, expr: &Syntax) -> bool {
    match expr {
        Syntax::Lit(literal) => !matches!(literal.lit, Lit::Verbatim(_)),
        Syntax::Reference(_) | Syntax::RawAddr(_) | Syntax::Cast(_) => true,
        Syntax::Paren(paren) => is_plain_value(body, &paren.expr),
        Syntax::Array(array) => array.elems.iter().all(|elem| is_plain_value(body, elem)),
        Syntax::Tuple(tuple) => tuple.elems.iter().all(|elem| is_plain_value(body, elem)),
        Syntax::Repeat(repeat) => is_plain_value(body, &repeat.expr),
        Syntax::Unary(unary) => {
            !matches!(unary.op, UnOp::Deref(_)) && is_plain_literal(&unary.expr)
        }
        Syntax::Binary(binary) => match binary.op {
            BinOp::Eq(_)
            | BinOp::Ne(_)
            | BinOp::Lt(_)
            | BinOp::Le(_)
            | BinOp::Gt(_)
            | BinOp::Ge(_)
            | BinOp::And(_)
            | BinOp::Or(_) => true,
            _ => is_plain_literal(&binary.left) && is_plain_literal(&binary.right),
        },
        Syntax::Path(_) => as_local(expr).is_some_and(|local| body.locals[local].is_plain),
        _ => false,
    }
}

/// A literal, perhaps with a sign: arithmetic on two of them is on built-in types.
fn is_plain_literal(expr: &Syntax) -> bool {
    match expr {
        Syntax::Lit(_) => true,
        Syntax::Unary(unary) => is_plain_literal(&unary.expr),
        Syntax::Paren(paren) => is_plain_literal(&paren.expr),
        _ => false,
    }
}
