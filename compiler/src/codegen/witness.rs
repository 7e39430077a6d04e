//! The witness: the user's body, never run, with every suspension replaced by an opaque call.
//!
//! It is checked by the compiler as any function is: types, moves, borrows and lints are reported
//! there, once, in the user's words. And it tells the compiler the types of the slots: after each
//! binding that is saved stands a statement that unifies the type of the variable and of the slot.
//! That statement is unreachable, so the types are unified up to lifetimes, which is what lets a
//! slot hold a reference into its own frame.

use std::collections::{HashMap, HashSet};

use proc_macro2::{Delimiter, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{Arm, Block, Expr, FnArg, Pat, Stmt, parse_quote, parse_quote_spanned};

use super::assigned::Declaration;
use super::{
    Names, delimited, original_names, private, private_at, signature, typed, unsafe_token,
};
use crate::Compilation;
use crate::analysis::Home;
use crate::ast::{self, Flavor, macros, recursion};
use crate::hir::assignment::{order_variable, take_order};
use crate::hir::{LocalId, LocalKind, as_local, bindings, destructure, occurrence};

pub(super) fn emit(
    compilation: &Compilation,
    names: &Names,
    assigned: &HashMap<LocalId, Declaration>,
) -> TokenStream {
    let (private, frame) = (private(), &names.frame);
    let parameters =
        compilation.layout.root.locals().len() + usize::from(compilation.layout.sharing.is_some());
    let parameters = (0..parameters).map(|_| emit!(_));
    let output = compilation.function.output();
    let mut witness = Witness { compilation, names, assigned, moved: compilation.moved.clone() };
    let mut body = typed::write_types(&compilation.function);
    witness.visit_block_mut(&mut body);
    let arguments = witness.arguments();
    let receiver = compilation.function.signature.receiver().map(|receiver| {
        let this = super::names::variable("self_");
        let token = &receiver.self_token;
        emit!(let #this = #token;)
    });
    let stmts = body.stmts.iter().map(|stmt| original_names(stmt.to_token_stream()));
    let braces = compilation.function.body.brace_token.span.join();
    let slot = |local| names.slot(local);
    let all = super::frame::slots(compilation, names, &emit!(#private::frame_of(witness)));
    let pointers = super::frame::declare_slots(compilation, |local| Some(slot(local)));
    let body = delimited(Delimiter::Brace, emit!(#all #pointers #arguments #(#stmts)*), braces);
    let (exact, witness) = match &compilation.function.block {
        Some(form) => {
            let capture = &form.source.capture;
            let exact = super::captured::exact(form);
            (Some(exact), emit!(outcome.of(#capture || -> #output #body);))
        }
        None => (None, emit!(let _ = move || -> #output #body;)),
    };
    let orders: Vec<_> = (0..compilation.hir.orders).map(order_variable).collect();
    let known = (!orders.is_empty()).then(|| {
        emit! {
            use #private::{OfNumbers as _, OfAnything as _};
            #(let #orders = (&&#orders).order();)*
        }
    });
    let own = recursion::find(&compilation.function.body)
        .map(|_| emit!(let own = #private::Own::<_>::new();));
    emit! {
        let witness = #private::FrameType::<#frame<#(#parameters),*>>::new();
        #(let #orders = #private::Operands::new();)*
        #own
        #exact
        if false {
            #receiver
            #witness
            loop {}
        }
        #known
    }
}

/// A compound assignment, and a statement that tells the compiler the types of both sides.
fn ordered(binary: &syn::ExprBinary, number: usize) -> Expr {
    let (left, right, order) = (&binary.left, &binary.right, order_variable(number));
    parse_quote_spanned! {Span::mixed_site()=> {
        #[allow(warnings, clippy::all, clippy::pedantic)]
        if false {
            loop {}
            #order.are(&raw const #left, #right);
        }
        // In parentheses, as it may begin with a block.
        (#binary)
    }}
}

/// The box of a call of the coroutine itself, which tells the compiler so: the machine forgets the type
/// of that box.
fn own_call(boxed: &syn::ExprCall) -> Expr {
    let mut boxed = boxed.clone();
    if let Some(call) = boxed.args.first_mut() {
        *call = parse_quote_spanned! {Span::mixed_site()=>
            match #call {
                future => {
                    #[allow(warnings, clippy::all, clippy::pedantic)]
                    if false {
                        loop {}
                        own.calls(&future);
                    }
                    future
                }
            }
        };
    }
    Expr::Call(boxed)
}

struct Witness<'a> {
    compilation: &'a Compilation,
    names: &'a Names,
    /// How the variables are declared that are assigned to.
    assigned: &'a HashMap<LocalId, Declaration>,
    /// The uses before whose statement the local is still to be moved.
    moved: HashSet<usize>,
}

impl Witness<'_> {
    /// The uses in a loop without suspensions of what is moved before the loop.
    fn moved_before(&self, round: &Expr) -> Vec<usize> {
        let is_loop = matches!(round, Expr::Loop(_) | Expr::While(_) | Expr::ForLoop(_));
        if self.moved.is_empty() || !is_loop || ast::suspends(round) {
            return Vec::new();
        }
        let mut found = FindUses::default();
        syn::visit::Visit::visit_expr(&mut found, round);
        let is_outer = |(local, number): &(LocalId, usize)| {
            self.moved.contains(number) && !found.filled.contains(local)
        };
        found.uses.iter().filter(|it| is_outer(it)).map(|(_, number)| *number).collect()
    }

    /// The uses in a statement without suspensions of what else it uses: all of it is moved before the statement.
    fn moved_before_stmt(&self, stmt: &Stmt) -> Vec<usize> {
        if self.moved.is_empty() || ast::stmt_suspends(stmt) {
            return Vec::new();
        }
        let mut found = FindUses::default();
        syn::visit::Visit::visit_stmt(&mut found, stmt);
        let is_moved_whole = |(local, number): &(LocalId, usize)| {
            let count = found.all.iter().filter(|other| *other == local).count();
            self.moved.contains(number) && count > 1 && !found.filled.contains(local)
        };
        found.uses.iter().filter(|it| is_moved_whole(it)).map(|(_, number)| *number).collect()
    }

    /// Visits a statement or loop while these uses are not to be moved inside it.
    fn around(&mut self, uses: Vec<usize>, visit: impl FnOnce(&mut Self)) {
        self.moved.retain(|number| !uses.contains(number));
        visit(self);
        self.moved.extend(uses);
    }
}

/// Finds the uses in code, and what it binds or assigns.
#[derive(Default)]
struct FindUses {
    /// The locals of all uses.
    all: Vec<LocalId>,
    /// The uses with a number.
    uses: Vec<(LocalId, usize)>,
    filled: HashSet<LocalId>,
}

impl<'ast> syn::visit::Visit<'ast> for FindUses {
    fn visit_expr(&mut self, expr: &'ast Expr) {
        self.all.extend(as_local(expr).filter(|_| matches!(expr, Expr::Path(_))));
        if let (Some(local), Some(number)) = (as_local(expr), occurrence(expr)) {
            self.uses.push((local, number));
        }
        if let Expr::Assign(assign) = expr {
            self.filled.extend(as_local(&assign.left));
        }
        syn::visit::visit_expr(self, expr);
    }

    fn visit_pat(&mut self, pat: &'ast Pat) {
        self.filled.extend(bindings(pat));
        syn::visit::visit_pat(self, pat);
    }

    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        let arguments = macros::arguments(mac);
        arguments.iter().flatten().for_each(|argument| self.visit_expr(&argument.expr));
    }
}

/// Finds the uses of locals that the machine moves to a variable or a holder, and moves them in the
/// witness as well: once, before the innermost statement.
struct MovedUses<'a, 'w> {
    witness: &'a mut Witness<'w>,
    found: Vec<Stmt>,
    /// The locals that the statement itself binds: their uses are moved where they stand.
    bound: Vec<LocalId>,
    /// The variables that locals moved to which get another value later.
    renamed: Vec<(LocalId, syn::Ident)>,
}

impl<'a, 'w> MovedUses<'a, 'w> {
    /// Visits a statement. The result goes before it.
    fn of_stmt(witness: &'a mut Witness<'w>, stmt: &mut Stmt) -> Vec<Stmt> {
        let bound = match &*stmt {
            Stmt::Expr(expr, _) => bound_in(expr),
            Stmt::Local(local) => local.init.iter().flat_map(|init| bound_in(&init.expr)).collect(),
            _ => Vec::new(),
        };
        let mut uses = MovedUses { witness, found: Vec::new(), bound, renamed: Vec::new() };
        uses.visit_stmt_mut(stmt);
        for (local, variable) in &uses.renamed {
            RenameUses { local: *local, variable: variable.clone() }.visit_stmt_mut(stmt);
        }
        uses.found
    }

    /// Visits the body of an arm.
    fn of_arm(witness: &'a mut Witness<'w>, body: &mut Expr) -> Vec<Stmt> {
        let mut stmt = Stmt::Expr(std::mem::replace(body, Expr::PLACEHOLDER), None);
        let found = Self::of_stmt(witness, &mut stmt);
        if let Stmt::Expr(expr, _) = stmt {
            *body = expr;
        }
        found
    }

    fn moved(&mut self, expr: &mut Expr, local: LocalId) {
        if self.bound.contains(&local) {
            let private = private();
            *expr = parse_quote!(#private::moved(#expr));
            return;
        }
        let body = &self.witness.compilation.mir;
        let is_mutable = body.locals[local].is_mutable;
        let is_filled_again = !self.witness.compilation.analysis.is_filled_once(local);
        let variable = match is_filled_again {
            true => {
                let name = body.locals[local].name.to_string();
                local.unique(&name, expr.span().resolved_at(Span::mixed_site()))
            }
            false => {
                local.unique(&body.locals[local].name.to_string(), body.locals[local].name.span())
            }
        };
        if is_mutable {
            self.found.push(parse_quote_spanned! {Span::mixed_site()=> let _ = &mut #expr; });
        }
        let mutability = is_mutable.then(|| emit!(mut));
        self.found.push(parse_quote_spanned! {Span::mixed_site()=>
            #[allow(warnings, clippy::all, clippy::pedantic)]
            let #mutability #variable = #expr;
        });
        if is_filled_again {
            self.renamed.push((local, variable));
        }
    }
}

impl VisitMut for MovedUses<'_, '_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        if let Some(number) = occurrence(expr)
            && self.witness.moved.remove(&number)
        {
            let local = as_local(expr).expect("a use is of a local");
            self.moved(expr, local);
            return;
        }
        visit_mut::visit_expr_mut(self, expr);
    }

    fn visit_macro_mut(&mut self, mac: &mut syn::Macro) {
        macros::map_arguments(mac, |argument, _| self.visit_expr_mut(argument));
    }
}

/// The locals that patterns inside an expression bind.
fn bound_in(expr: &Expr) -> Vec<LocalId> {
    struct Bound(Vec<LocalId>);
    impl<'ast> syn::visit::Visit<'ast> for Bound {
        fn visit_pat(&mut self, pat: &'ast Pat) {
            self.0.extend(bindings(pat));
        }
        fn visit_block(&mut self, _: &'ast Block) {}
    }
    let mut bound = Bound(Vec::new());
    syn::visit::Visit::visit_expr(&mut bound, expr);
    bound.0
}

/// Renames the uses of a local in a statement, assignments to it aside.
struct RenameUses {
    local: LocalId,
    variable: syn::Ident,
}

impl VisitMut for RenameUses {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Assign(assign) if as_local(&assign.left) == Some(self.local) => {
                self.visit_expr_mut(&mut assign.right);
            }
            Expr::Path(_) if as_local(expr) == Some(self.local) => {
                let mut variable = self.variable.clone();
                variable.set_span(expr.span().resolved_at(Span::mixed_site()));
                *expr = parse_quote!(#variable);
            }
            _ => visit_mut::visit_expr_mut(self, expr),
        }
    }

    fn visit_macro_mut(&mut self, mac: &mut syn::Macro) {
        macros::map_arguments(mac, |argument, _| self.visit_expr_mut(argument));
    }
}

impl Witness<'_> {
    /// Takes the arguments in by value, as the first statements of the body do.
    fn arguments(&self) -> TokenStream {
        let function = &self.compilation.function;
        let names = signature::argument_names(function);
        let locals = &self.compilation.mir.arguments;
        let mut tokens = TokenStream::new();
        for ((argument, name), local) in function.signature.inputs.iter().zip(names).zip(locals) {
            let unify = self.unify(*local, &self.variable(*local));
            let ty = self.assigned_type(*local).map(|ty| emit!(: #ty));
            match argument {
                FnArg::Receiver(receiver) => {
                    let (mutability, this) =
                        (&receiver.mutability, super::names::variable("self_"));
                    tokens.extend(emit!(let #mutability #this #ty = #this; #unify));
                }
                FnArg::Typed(typed) => match &*typed.pat {
                    Pat::Wild(_) => tokens.extend(emit!(let _argument = #name;)),
                    Pat::Ident(ident) if ident.by_ref.is_none() && ident.subpat.is_none() => {
                        let (attributes, pat) = (&typed.attrs, &typed.pat);
                        tokens.extend(emit!(#(#attributes)* let #pat #ty = #name; #unify));
                    }
                    _ => tokens.extend(self.destructured(typed, &name)),
                },
            }
        }
        tokens
    }

    fn destructured(&self, typed: &syn::PatType, name: &syn::Ident) -> TokenStream {
        let pat = &typed.pat;
        let mutable = destructure::binds_by_mutable_reference(pat);
        let mutable = mutable.then(|| emit!(let mut #name = #name;));
        quote_spanned!(pat.span()=> #mutable let #pat = #name;)
    }

    fn variable(&self, local: LocalId) -> TokenStream {
        let name = &self.compilation.mir.locals[local].name;
        let unique = local.unique(&name.to_string(), name.span());
        emit!(#unique)
    }

    /// The statement that tells the compiler the type of a slot.
    fn unify(&self, local: LocalId, variable: &TokenStream) -> Option<TokenStream> {
        let declared = &self.compilation.mir.locals[local];
        let is_named = matches!(declared.kind, LocalKind::Argument | LocalKind::Binding);
        if self.compilation.analysis.homes[local] != Home::Frame
            || declared.is_anonymous
            || !is_named
        {
            return None;
        }
        let (private, unsafe_token) = (private(), unsafe_token());
        let slot = self.names.slot(local);
        let variable = original_names(variable.clone());
        let slot = match self.compilation.analysis.is_divided(local) {
            true => emit!(#private::whole(#slot)),
            false => slot.into_token_stream(),
        };
        Some(quote_spanned! {Span::mixed_site()=>
            #[allow(warnings, clippy::all, clippy::pedantic)]
            if false {
                loop {}
                match #variable {
                    // SAFETY: it never runs.
                    ref variable => #unsafe_token { #private::same(#slot, variable) },
                }
            }
        })
    }

    /// What a variable that is assigned to has in place of a type.
    fn assigned_type(&self, local: LocalId) -> Option<&TokenStream> {
        self.assigned.get(&local)?.inferred.as_ref()
    }

    /// Declares the variable of a `let` in a pattern, if it is assigned to and has no type.
    fn declare_in_pattern(&self, local: &mut syn::Local) {
        if let (Pat::Ident(ident), Some(init)) = (&local.pat, &mut local.init)
            && LocalId::from_unique(&ident.ident)
                .and_then(|local| self.assigned.get(&local))
                .is_some_and(|declaration| declaration.is_untyped)
        {
            let (pat, value) = (&local.pat, &init.expr);
            let (pattern, value) = (parse_quote!((#pat,)), parse_quote!((#value,)));
            local.pat = pattern;
            *init.expr = value;
        }
    }

    fn is_named_like(&self, local: LocalId, member: &syn::Member) -> bool {
        matches!(member, syn::Member::Named(name) if *name == self.compilation.mir.locals[local].name)
    }

    fn unify_all(&self, pat: &Pat) -> Vec<Stmt> {
        let unify = |local: LocalId| self.unify(local, &self.variable(local));
        let unified: TokenStream = bindings(pat).into_iter().filter_map(unify).collect();
        let block: Block = parse_quote!({ #unified });
        block.stmts
    }

    fn enter_block(&self, block: &mut Block, pat: &Pat) {
        block.stmts.splice(0..0, self.unify_all(pat));
    }

    fn enter_condition(&self, block: &mut Block, condition: &Expr) {
        match condition {
            Expr::Let(test) => self.enter_block(block, &test.pat),
            Expr::Binary(binary) => {
                self.enter_condition(block, &binary.right);
                self.enter_condition(block, &binary.left);
            }
            _ => {}
        }
    }

    /// `future.await` becomes the value of a call that never returns. It begins and
    /// ends where the expression of the user does.
    fn awaiting(&self, awaited: &syn::ExprAwait) -> Expr {
        let private = private_at(awaited.base.span());
        // rustc's lints would ask for an argument without parentheses.
        let base = match &*awaited.base {
            Expr::Paren(paren) => &paren.expr,
            _ => &awaited.base,
        };
        let own = recursion::boxed(base).map(own_call);
        let base = own.as_ref().unwrap_or(base);
        let attributes = &awaited.attrs;
        parse_quote_spanned! {awaited.await_token.span()=>
            #(#attributes)* #private::awaited(#base)
        }
    }

    fn suspended(&mut self, mac: &syn::Macro) -> Expr {
        let value = mac.parse_body::<Expr>().ok();
        let value = value.map_or_else(
            || delimited(Delimiter::Parenthesis, TokenStream::new(), mac.path.span()),
            |mut value| {
                self.visit_expr_mut(&mut value);
                value.into_token_stream()
            },
        );
        let (yields, resumes) = match &self.compilation.function.flavor {
            Flavor::Async => (emit!(()), emit!(())),
            Flavor::ByHand { yields, resumes } => (emit!(#yields), emit!(#resumes)),
        };
        let typed = emit!({ let value: #yields = #value; value });
        let private = private_at(mac.path.span());
        parse_quote_spanned! {mac.path.span()=>
            #private::suspended::<_, #resumes>(#typed)
        }
    }
}

impl VisitMut for Witness<'_> {
    fn visit_block_mut(&mut self, block: &mut Block) {
        visit_mut::visit_block_mut(self, block);
        let stmts = std::mem::take(&mut block.stmts);
        for mut stmt in stmts {
            block.stmts.extend(MovedUses::of_stmt(self, &mut stmt));
            let unify = match &mut stmt {
                Stmt::Local(local) => {
                    self.declare_in_pattern(local);
                    self.unify_all(&local.pat)
                }
                Stmt::Item(item) if self.compilation.mir.items.contains(item) => continue,
                _ => Vec::new(),
            };
            block.stmts.push(stmt);
            block.stmts.extend(unify);
        }
    }

    fn visit_arm_mut(&mut self, arm: &mut Arm) {
        visit_mut::visit_arm_mut(self, arm);
        let mut unify = self.unify_all(&arm.pat);
        unify.extend(MovedUses::of_arm(self, &mut arm.body));
        if !unify.is_empty() {
            let body = &arm.body;
            arm.body = parse_quote_spanned!(body.span()=> { #(#unify)* #body });
        }
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        if let Some(value) = typed::value_of(expr) {
            return self.visit_expr_mut(value);
        }
        let before_loop = self.moved_before(expr);
        if !before_loop.is_empty() {
            return self.around(before_loop, |witness| visit_mut::visit_expr_mut(witness, expr));
        }
        if let Expr::Macro(mac) = expr
            && ast::is_suspend(&mac.mac)
        {
            *expr = self.suspended(&mac.mac);
            return;
        }
        visit_mut::visit_expr_mut(self, expr);
        match expr {
            Expr::Await(awaited) => *expr = self.awaiting(awaited),
            Expr::Binary(binary) => {
                if let Some(number) = take_order(binary) {
                    *expr = ordered(binary, number);
                }
            }
            Expr::If(branch) => self.enter_condition(&mut branch.then_branch, &branch.cond.clone()),
            Expr::While(round) => self.enter_condition(&mut round.body, &round.cond.clone()),
            Expr::ForLoop(round) => self.enter_block(&mut round.body, &round.pat.clone()),
            _ => {}
        }
    }

    fn visit_stmt_mut(&mut self, stmt: &mut Stmt) {
        if let Stmt::Macro(mac) = stmt
            && ast::is_suspend(&mac.mac)
        {
            let expr = self.suspended(&mac.mac);
            *stmt = Stmt::Expr(expr, mac.semi_token);
            return;
        }
        let before = self.moved_before_stmt(stmt);
        self.around(before, |witness| visit_mut::visit_stmt_mut(witness, stmt));
    }

    /// `S { x: x }` was `S { x }` before the names were made unique.
    fn visit_field_value_mut(&mut self, field: &mut syn::FieldValue) {
        visit_mut::visit_field_value_mut(self, field);
        if as_local(&field.expr).is_some_and(|local| self.is_named_like(local, &field.member)) {
            field.colon_token = None;
        }
    }

    fn visit_field_pat_mut(&mut self, field: &mut syn::FieldPat) {
        visit_mut::visit_field_pat_mut(self, field);
        if let Pat::Ident(ident) = &*field.pat
            && ident.subpat.is_none()
            && let Some(local) = LocalId::from_unique(&ident.ident)
            && self.is_named_like(local, &field.member)
        {
            field.colon_token = None;
        }
    }

    fn visit_expr_async_mut(&mut self, _: &mut syn::ExprAsync) {}

    fn visit_expr_closure_mut(&mut self, _: &mut syn::ExprClosure) {}

    fn visit_macro_mut(&mut self, mac: &mut syn::Macro) {
        macros::map_arguments(mac, |argument, _| self.visit_expr_mut(argument));
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}
