//! User code in the machine: locals that are not kept in their block become places behind
//! pointers, and what leaves the code becomes a jump or the end of the coroutine.

use std::collections::HashSet;

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::parse::Parser;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Expr, Pat, Stmt};

use super::machine::Machine;
use super::{delimited, original_names, private};
use crate::hir::LocalId;
use crate::hir::destructure::{self, Takes};
use crate::hir::uses::{self, Certainty, UseKind, Visitor};
use crate::mir::jump_target;

impl Machine<'_> {
    /// The tokens of an expression whose value is used.
    pub(super) fn value(&self, code: &Expr) -> TokenStream {
        let mut code = code.clone();
        uses::walk_value(&mut code, &mut Rewrite { machine: self });
        original_names(code.into_token_stream())
    }

    /// The tokens of an expression of which only the place is looked at.
    pub(super) fn place(&self, code: &Expr) -> TokenStream {
        let mut code = code.clone();
        uses::walk_place(&mut code, &mut Rewrite { machine: self });
        original_names(code.into_token_stream())
    }

    /// The tokens of a statement.
    pub(super) fn stmt(&self, stmt: &Stmt) -> TokenStream {
        let mut stmt = stmt.clone();
        uses::walk_stmt(&mut stmt, &mut Rewrite { machine: self });
        original_names(stmt.into_token_stream())
    }

    /// The tokens of a guard, in which the bindings of the arm are variables.
    pub(super) fn guard(&self, guard: &Expr, bound: &[LocalId]) -> TokenStream {
        let mut guard = guard.clone();
        uses::walk_value(&mut guard, &mut InGuard { machine: self, bound });
        original_names(guard.into_token_stream())
    }

    /// The tokens of a pattern; bindings that move on to a slot get a name of their own.
    pub(super) fn pattern(&self, pat: &Pat) -> TokenStream {
        self.pattern_of(pat, &|local| !self.names.is_in_block(local))
    }

    /// The tokens of a pattern; bindings that move on get a name of their own.
    pub(super) fn pattern_of(&self, pat: &Pat, moves_on: &dyn Fn(LocalId) -> bool) -> TokenStream {
        struct Rename<'a>(&'a Machine<'a>, &'a dyn Fn(LocalId) -> bool);
        impl syn::visit_mut::VisitMut for Rename<'_> {
            fn visit_pat_ident_mut(&mut self, pat: &mut syn::PatIdent) {
                syn::visit_mut::visit_pat_ident_mut(self, pat);
                let Some(local) = LocalId::from_unique(&pat.ident) else { return };
                if (self.1)(local) {
                    pat.ident = self.0.names.incoming(local);
                    if pat.by_ref.is_none() {
                        pat.mutability = None;
                    }
                }
            }
        }
        let mut pat = pat.clone();
        syn::visit_mut::VisitMut::visit_pat_mut(&mut Rename(self, moves_on), &mut pat);
        original_names(pat.into_token_stream())
    }

    /// The variable that points to a local's value.
    pub(super) fn pointer(&self, local: LocalId) -> syn::Ident {
        self.names.pointer(local, self.compilation.mir.locals[local].name.span())
    }

    /// A use of a local that is not kept in its block.
    fn use_of(&self, local: LocalId, kind: UseKind, span: Span) -> TokenStream {
        let pointer = self.names.pointer(local, span);
        if !matches!(kind, UseKind::Move | UseKind::Capture)
            || self.compilation.mir.locals[local].is_copy
        {
            return delimited(Delimiter::Parenthesis, quote_spanned!(span=> *#pointer), span);
        }
        let private = private();
        let value = match self.has_flag(local) {
            true => {
                let flag = self.names.field(local);
                emit!(#private::take(&live.#flag, #pointer))
            }
            false => emit!(#private::read(#pointer)),
        };
        let taken = syn::Ident::new("__taken", span);
        let block = emit!(let #taken = #value; #taken);
        delimited(Delimiter::Brace, block, span)
    }

    /// `local = value`: drops the old value, if there is one.
    fn assignment(&self, local: LocalId, assign: &syn::ExprAssign) -> TokenStream {
        let (pointer, private) = (self.pointer(local), private());
        let Some(declaration) = self.assigned.get(&local) else {
            return self.store(local, &assign.right);
        };
        let (eq, value) = (&assign.eq_token, &assign.right);
        let name = self.names.assigned(local, assign.left.span());
        let store = match declaration.borrows {
            true => self.store(local, &emit!(#private::erased(#pointer, #name))),
            false => self.store(local, &name),
        };
        emit!(match (#name #eq #value) { () => #store })
    }

    /// Replaces the value of a local.
    fn store(&self, local: LocalId, value: &impl ToTokens) -> TokenStream {
        let (field, pointer, private) = (self.names.field(local), self.slot(local), private());
        let value = match self.is_parted(local) {
            true => emit!(#private::Parted::new(#value)),
            false => value.to_token_stream(),
        };
        let holders = self.compilation.mir.holders.iter().filter(|(held, _)| *held == local);
        let drops: Vec<TokenStream> = holders
            .map(|(_, holder)| {
                let (field, pointer) = (self.names.field(*holder), self.slot(*holder));
                emit!(#private::drop_if(&live.#field, #pointer);)
            })
            .collect();
        match (self.has_flag(local), drops.is_empty()) {
            (true, true) => emit!(#private::assign(#pointer, &live.#field, #value)),
            (true, false) => {
                let release = emit!(|| { #(#drops)* });
                emit!(#private::assign_held(#pointer, &live.#field, #value, #release))
            }
            (false, _) => emit!(#private::write(#pointer, #value)),
        }
    }
}

/// Refuses to take a variable apart whose type implements `Drop`: what is left of it would be
/// dropped too early.
pub(super) fn no_drop(pointer: &syn::Ident) -> TokenStream {
    let private = private();
    emit! {
        {
            use #private::{ImplementsDrop as _, ImplementsNoDrop as _};
            (&&#private::DropProbe::new(#pointer)).check();
        }
    }
}

/// The value in a `Ready`, as an expression that ends where the user's does.
pub(super) fn unwrapped(ready: &impl ToTokens, last: Span) -> TokenStream {
    let mut field = proc_macro2::Literal::usize_unsuffixed(0);
    field.set_span(last);
    quote_spanned!(last=> #ready.#field)
}

/// An expression that is made of tokens.
fn verbatim(tokens: TokenStream) -> Expr {
    Expr::Verbatim(tokens)
}

/// Rewrites code of the body.
struct Rewrite<'a> {
    machine: &'a Machine<'a>,
}

impl Visitor for Rewrite<'_> {
    fn local(&mut self, expr: &mut Expr, local: LocalId, kind: UseKind, _: Certainty) {
        if !self.machine.names.is_in_block(local) {
            *expr = verbatim(self.machine.use_of(local, kind, expr.span()));
        } else if let Some(last) = self.machine.ready_end(local) {
            *expr = verbatim(unwrapped(expr, last));
        }
    }

    fn assign(&mut self, expr: &mut Expr, local: LocalId, _: Certainty) {
        let Expr::Assign(assign) = &*expr else { return };
        if !self.machine.names.is_in_block(local) {
            *expr = verbatim(self.machine.assignment(local, assign));
        }
    }

    fn take_apart(&mut self, matching: &mut syn::ExprMatch, local: LocalId) {
        if !self.machine.names.is_in_block(local) {
            self.machine.take_apart(matching, local);
        }
    }

    fn part(&mut self, expr: &mut Expr, local: LocalId, _: Certainty) -> bool {
        let part = self.machine.part(expr, local);
        let is_handled = part.is_some();
        part.into_iter().for_each(|part| *expr = verbatim(part));
        is_handled
    }

    fn assign_part(&mut self, expr: &mut Expr, local: LocalId) -> bool {
        let Expr::Assign(assign) = &*expr else { return false };
        let assigned = self.machine.assign_part(assign, local);
        let is_handled = assigned.is_some();
        assigned.into_iter().for_each(|assigned| *expr = verbatim(assigned));
        is_handled
    }

    fn closure(&mut self, expr: &mut Expr, _: Certainty) -> bool {
        let tokens = self.machine.closure(expr);
        *expr = verbatim(tokens);
        true
    }

    fn tokens(&mut self, tokens: &mut TokenStream, _: Certainty) {
        let place = |local, span| self.machine.within(local, span);
        *tokens = self.machine.in_unknown_macro(std::mem::take(tokens), &place);
    }

    fn leave(&mut self, expr: &mut Expr) {
        let tokens = match expr {
            Expr::Return(leave) => {
                let value = leave.expr.to_token_stream();
                let value = if value.is_empty() { emit!(()) } else { value };
                self.machine.complete(&value)
            }
            Expr::Break(jump) => match jump.label.as_ref().and_then(jump_target) {
                Some(target) => {
                    let jump = self.machine.jump(target);
                    emit!({ #jump })
                }
                None => return,
            },
            Expr::Try(question) => self.machine.question(question),
            _ => return,
        };
        *expr = verbatim(tokens);
    }
}

/// Rewrites a guard.
struct InGuard<'a> {
    machine: &'a Machine<'a>,
    bound: &'a [LocalId],
}

impl Visitor for InGuard<'_> {
    fn local(&mut self, expr: &mut Expr, local: LocalId, kind: UseKind, certainty: Certainty) {
        if self.bound.contains(&local) && !self.machine.names.is_in_block(local) {
            let name = self.machine.names.incoming(local);
            *expr = verbatim(emit!(#name));
        } else {
            Rewrite { machine: self.machine }.local(expr, local, kind, certainty);
        }
    }

    fn assign(&mut self, expr: &mut Expr, local: LocalId, certainty: Certainty) {
        Rewrite { machine: self.machine }.assign(expr, local, certainty);
    }

    fn closure(&mut self, expr: &mut Expr, certainty: Certainty) -> bool {
        Rewrite { machine: self.machine }.closure(expr, certainty)
    }

    fn take_apart(&mut self, matching: &mut syn::ExprMatch, local: LocalId) {
        Rewrite { machine: self.machine }.take_apart(matching, local);
    }

    fn part(&mut self, expr: &mut Expr, local: LocalId, certainty: Certainty) -> bool {
        !self.bound.contains(&local)
            && Rewrite { machine: self.machine }.part(expr, local, certainty)
    }

    fn assign_part(&mut self, expr: &mut Expr, local: LocalId) -> bool {
        !self.bound.contains(&local) && Rewrite { machine: self.machine }.assign_part(expr, local)
    }

    fn tokens(&mut self, tokens: &mut TokenStream, certainty: Certainty) {
        Rewrite { machine: self.machine }.tokens(tokens, certainty);
    }

    fn leave(&mut self, expr: &mut Expr) {
        Rewrite { machine: self.machine }.leave(expr);
    }
}

/// What a closure or `async` block captures.
#[derive(Default)]
struct Captures {
    by_value: Vec<LocalId>,
    by_reference: Vec<LocalId>,
    /// By value, or by reference if the type is `Copy`.
    by_either: Vec<LocalId>,
}

impl Captures {
    fn add(&mut self, local: LocalId, kind: UseKind) {
        let list = match kind {
            UseKind::Move => &mut self.by_value,
            UseKind::Capture => &mut self.by_either,
            _ => &mut self.by_reference,
        };
        if !list.contains(&local) {
            list.push(local);
        }
    }
}

impl Visitor for Captures {
    fn local(&mut self, _: &mut Expr, local: LocalId, kind: UseKind, _: Certainty) {
        self.add(local, kind);
    }

    fn assign(&mut self, _: &mut Expr, local: LocalId, _: Certainty) {
        self.add(local, UseKind::Assign);
    }

    fn tokens(&mut self, tokens: &mut TokenStream, _: Certainty) {
        for local in crate::hir::locals_in(tokens) {
            self.add(local, UseKind::Borrow);
        }
    }
}

impl Machine<'_> {
    /// A closure or `async` block. What it captures by value moves out of its slot first; what it
    /// captures by reference it captures as a pointer to the slot, so that it may outlive its
    /// block.
    pub(super) fn closure(&self, closure: &Expr) -> TokenStream {
        let original = closure;
        let mut closure = closure.clone();
        let is_move = match &closure {
            Expr::Closure(closure) => closure.capture.is_some(),
            Expr::Async(block) => block.capture.is_some(),
            _ => false,
        };
        let mut captures = Captures::default();
        uses::walk_capture(&mut closure.clone(), is_move, &mut captures);
        let own = declared_in(&closure);
        let is_outer = |local: &LocalId| !own.contains(local);
        let is_copy = |id: &LocalId| self.compilation.mir.locals[*id].is_copy;
        let (copied, taken) = captures.by_either.iter().partition(|id| is_copy(id));
        let (copied, taken): (Vec<LocalId>, Vec<LocalId>) = (copied, taken);
        captures.by_reference.extend(copied);
        captures.by_value.extend(taken);
        captures.by_reference.retain(|local| !captures.by_value.contains(local));
        let in_frame = |list: &[LocalId]| -> Vec<LocalId> {
            list.iter().copied().filter(|id| !self.names.is_in_block(*id)).collect()
        };
        let (moved, pointed) = (in_frame(&captures.by_value), in_frame(&captures.by_reference));
        let borrows_block =
            captures.by_reference.iter().any(|id| self.names.is_in_block(*id) && is_outer(id));
        let pointed = if borrows_block { Vec::new() } else { pointed };
        if !pointed.is_empty() || !moved.is_empty() && !borrows_block {
            force_move(&mut closure);
        }
        let mut inside = InClosure { machine: self, moved: &moved, pointed: &pointed };
        uses::walk_capture(&mut closure, is_move, &mut inside);
        let whole =
            moved.iter().filter(|local| self.has_flag(**local) && is_in_parts(original, **local));
        let checks: Vec<TokenStream> = whole
            .map(|local| {
                let (private, pointer) = (private(), self.pointer(*local));
                emit!(#private::captured_in_parts(#pointer);)
            })
            .collect();
        let takes = moved.iter().map(|local| {
            let name = self.pointer(*local);
            let value = self.use_of(*local, UseKind::Move, name.span());
            emit!(let mut #name = #value;)
        });
        let private = private();
        let points = pointed.iter().map(|local| {
            let name = self.pointer(*local);
            emit!(let #name = #private::Captured::new(#name);)
        });
        match moved.is_empty() && pointed.is_empty() {
            true => closure.into_token_stream(),
            false => emit!({ #(#checks)* #(#takes)* #(#points)* #closure }),
        }
    }

    /// Rewrites a match in user code that takes a variable of the frame apart.
    fn take_apart(&self, matching: &mut syn::ExprMatch, local: LocalId) {
        let (field, pointer, private) = (self.names.field(local), self.pointer(local), private());
        let rest = super::names::variable("rest");
        *matching.expr = verbatim(emit!(#private::read(#pointer)));
        for arm in &mut matching.arms {
            let clear = self.has_flag(local).then(|| emit!(live.#field.set(false);));
            let check = destructure::is_opaque(&arm.pat).then(|| no_drop(&pointer));
            let before = match destructure::takes(&arm.pat) {
                Takes::Nothing => {
                    let pat = match &mut arm.pat {
                        Pat::Guard(guarded) => &mut *guarded.pat,
                        pat => pat,
                    };
                    let whole = emit!(#rest @ (#pat));
                    *pat = Pat::parse_single.parse2(whole).expect("a binding is a pattern");
                    emit!(#private::forget_value(#rest);)
                }
                _ => emit!(#check #clear),
            };
            let body = std::mem::replace(&mut *arm.body, Expr::PLACEHOLDER);
            let stmts = vec![Stmt::Expr(verbatim(before), None), Stmt::Expr(body, None)];
            *arm.body = Expr::Block(syn::ExprBlock {
                attrs: Vec::new(),
                label: None,
                block: syn::Block { brace_token: Default::default(), stmts },
            });
        }
    }

    /// A local in a macro that is not known.
    fn within(&self, local: LocalId, span: Span) -> TokenStream {
        self.within.borrow_mut().insert(local);
        let name = self.names.within(local, Span::mixed_site().located_at(span));
        delimited(Delimiter::Parenthesis, quote_spanned!(span=> *#name), span)
    }

    /// Names in the tokens of a macro that is not known become places.
    fn in_unknown_macro(
        &self,
        tokens: TokenStream,
        place: &dyn Fn(LocalId, Span) -> TokenStream,
    ) -> TokenStream {
        let replace = |tree: TokenTree| match tree {
            TokenTree::Group(group) => {
                let inner = self.in_unknown_macro(group.stream(), place);
                let mut replaced = Group::new(group.delimiter(), inner);
                replaced.set_span(group.span());
                TokenTree::Group(replaced).into()
            }
            TokenTree::Ident(ident) => match LocalId::from_unique(&ident) {
                Some(local) if !self.names.is_in_block(local) => place(local, ident.span()),
                _ => TokenTree::Ident(ident).into(),
            },
            tree => TokenStream::from(tree),
        };
        tokens.into_iter().map(replace).collect()
    }
}

/// Makes a closure capture by value: all that it borrows is behind pointers.
fn force_move(closure: &mut Expr) {
    let span = Span::mixed_site();
    match closure {
        Expr::Closure(closure) => closure.capture = Some(syn::Token![move](span)),
        Expr::Async(block) => block.capture = Some(syn::Token![move](span)),
        _ => {}
    }
}

/// Whether code names a local only to use fields of it: rustc captures just these.
fn is_in_parts(code: &Expr, local: LocalId) -> bool {
    struct FindWhole(LocalId, bool);
    impl<'ast> Visit<'ast> for FindWhole {
        fn visit_expr_field(&mut self, field: &'ast syn::ExprField) {
            if crate::hir::as_local(&field.base) != Some(self.0) {
                visit::visit_expr_field(self, field);
            }
        }
        fn visit_ident(&mut self, ident: &'ast syn::Ident) {
            self.1 |= LocalId::from_unique(ident) == Some(self.0);
        }
        fn visit_macro(&mut self, mac: &'ast syn::Macro) {
            match crate::ast::macros::arguments(mac) {
                Some(arguments) => arguments.iter().for_each(|each| self.visit_expr(&each.expr)),
                None => self.1 |= crate::hir::locals_in(&mac.tokens).contains(&self.0),
            }
        }
    }
    let mut find = FindWhole(local, false);
    find.visit_expr(code);
    !find.1
}

/// The locals that are declared inside a closure.
fn declared_in(closure: &Expr) -> HashSet<LocalId> {
    struct Declared(HashSet<LocalId>);
    impl<'ast> Visit<'ast> for Declared {
        fn visit_pat_ident(&mut self, pat: &'ast syn::PatIdent) {
            self.0.extend(LocalId::from_unique(&pat.ident));
            visit::visit_pat_ident(self, pat);
        }
    }
    let mut declared = Declared(HashSet::new());
    declared.visit_expr(closure);
    declared.0
}

/// Rewrites the body of a closure.
struct InClosure<'a> {
    machine: &'a Machine<'a>,
    moved: &'a [LocalId],
    pointed: &'a [LocalId],
}

impl InClosure<'_> {
    fn use_of(&self, local: LocalId, span: Span) -> TokenStream {
        let name = self.machine.names.pointer(local, span);
        if self.moved.contains(&local) {
            return emit!(#name);
        }
        let tokens = match self.pointed.contains(&local) {
            true => quote_spanned!(span=> *#name.get()),
            false => quote_spanned!(span=> *#name),
        };
        delimited(Delimiter::Parenthesis, tokens, span)
    }
}

impl Visitor for InClosure<'_> {
    fn local(&mut self, expr: &mut Expr, local: LocalId, _: UseKind, _: Certainty) {
        if !self.machine.names.is_in_block(local) {
            *expr = verbatim(self.use_of(local, expr.span()));
        } else if let Some(last) = self.machine.ready_end(local) {
            *expr = verbatim(unwrapped(expr, last));
        }
    }

    fn assign(&mut self, expr: &mut Expr, local: LocalId, certainty: Certainty) {
        let Expr::Assign(assign) = expr else { return };
        self.local(&mut assign.left, local, UseKind::Assign, certainty);
    }

    fn tokens(&mut self, tokens: &mut TokenStream, _: Certainty) {
        let place = |local, span| self.use_of(local, span);
        *tokens = self.machine.in_unknown_macro(std::mem::take(tokens), &place);
    }
}
