//! User code in the machine: locals that are not kept in their block become places behind
//! pointers, and what leaves the code becomes a jump or the end of the coroutine.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::parse::Parser;
use syn::spanned::Spanned;
use syn::{Expr, Pat, Stmt};

use super::machine::Machine;
use super::taking::taken_or_forgotten;
use super::{delimited, original_names, private, private_at};
use crate::hir::LocalId;
use crate::hir::destructure::{self, Takes};
use crate::hir::uses::{self, Certainty, UseKind, Visitor};
use crate::mir::jump_target;

impl Machine<'_> {
    /// The tokens of an expression whose value is used.
    pub(super) fn value(&self, code: &Expr) -> TokenStream {
        original_names(self.rewritten(code).into_token_stream())
    }

    /// An expression whose value is used, with what the machine has in place of locals.
    pub(super) fn rewritten(&self, code: &Expr) -> Expr {
        let mut code = code.clone();
        uses::walk_value(&mut code, &mut Rewrite { machine: self });
        code
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
                    pat.ident = self.0.names.incoming(local, pat.ident.span());
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

    /// The variable of a pattern whose value moves into a slot.
    pub(super) fn incoming(&self, local: LocalId) -> syn::Ident {
        self.names.incoming(local, self.compilation.mir.locals[local].name.span())
    }

    /// A use of a local that is not kept in its block. A value of the user's is a field of a new
    /// one: a place, as the variable is, and of the same precedence.
    pub(super) fn use_of(&self, local: LocalId, kind: UseKind, span: Span) -> TokenStream {
        let pointer = self.names.pointer(local, span);
        let private = private();
        let value = match (kind, self.compilation.mir.locals[local].is_copy) {
            (UseKind::Move, true) => emit!(#private::read(#pointer)),
            (UseKind::Move | UseKind::Capture, false) => self.taken(local),
            _ => return delimited(Delimiter::Parenthesis, quote_spanned!(span=> *#pointer), span),
        };
        value_at(&value, span, self.awaited_end(local).unwrap_or(span))
    }

    /// The value of a local, which may be moved out of its slot then.
    pub(super) fn read(&self, local: LocalId, span: Span) -> TokenStream {
        let (private, pointer) = (private(), self.pointer(local));
        value_at(&emit!(#private::read(#pointer)), span, span)
    }

    /// The value of an element or field, which is copied: that it cannot be moved out is for the
    /// witness to report.
    fn copied(&self, place: &Expr) -> TokenStream {
        let private = private_at(place.span());
        in_place_of(place, &emit!(#private::copied(&raw const #place)))
    }

    /// The first value of a variable. What is behind a reference is copied, as elements are.
    pub(super) fn first(&self, value: &Expr) -> TokenStream {
        match uses::part_of(value) {
            Some(local)
                if matches!(value, Expr::Unary(_))
                    && !self.names.is_in_block(local)
                    && self.compilation.analysis.parts.number(local, value).is_none() =>
            {
                let (private, place) = (private(), self.place(value));
                in_place_of(value, &emit!(#private::copied(&raw const #place)))
            }
            _ => self.value(value),
        }
    }

    /// The value of a local that is moved.
    pub(super) fn taken(&self, local: LocalId) -> TokenStream {
        let (private, pointer) = (private(), self.pointer(local));
        match self.has_flag(local) {
            true => {
                let flag = self.names.live(local).arguments();
                emit!(#private::take(#flag, #pointer))
            }
            false => emit!(#private::read(#pointer)),
        }
    }

    /// `local = value`: drops the old value, if there is one.
    fn assignment(&self, local: LocalId, assign: &syn::ExprAssign) -> TokenStream {
        let (pointer, private) = (self.pointer(local), private());
        let Some(declaration) = self.assigned.get(&local) else {
            let value = assign.right.to_token_stream();
            return match &self.compilation.mir.locals[local].ty {
                Some(ty) => self.store(local, &with_type(ty, &value)),
                None => self.store(local, &value),
            };
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
        let private = private();
        let analysis = &self.compilation.analysis;
        let is_whole = analysis.has_only_elements(local)
            && !analysis.elements.may_be_missing_when_assigned(local);
        let pointer = if is_whole { self.pointer(local) } else { self.slot(local) };
        let value = match self.is_parted(local) && !is_whole {
            true => emit!(#private::Parted::new(#value)),
            false => value.to_token_stream(),
        };
        let holders = self.compilation.mir.holders.iter().filter(|(held, _)| *held == local);
        let drops: Vec<TokenStream> = holders
            .map(|(_, holder)| {
                let (flag, pointer) = (self.names.live(*holder).arguments(), self.slot(*holder));
                emit!(#private::drop_if(#flag, #pointer);)
            })
            .collect();
        let flag = self.has_flag(local).then(|| self.names.live(local).arguments());
        let assign = match flag {
            None => emit!(#private::write(#pointer, #value)),
            Some(flag) if drops.is_empty() => emit!(#private::assign(#pointer, #flag, #value)),
            Some(flag) => {
                let release = emit!(move || { #(#drops)* });
                emit!(#private::assign_held(#pointer, #flag, #value, #release))
            }
        };
        match self.elements_at_first(local) {
            Some(elements) => emit!({ #assign; #elements }),
            None => assign,
        }
    }
}

/// Refuses to take a variable apart whose type implements `Drop`: what is left of it would be
/// dropped too early.
pub(super) fn no_drop(pointer: &impl ToTokens) -> TokenStream {
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

/// A value in place of a user's expression, of which it has the first and last span.
pub(super) fn value_at(value: &TokenStream, first: Span, last: Span) -> TokenStream {
    let private = private_at(first);
    unwrapped(&quote_spanned!(first=> #private::Ready(#value)), last)
}

/// A value in place of a user's expression.
pub(super) fn in_place_of(expr: &Expr, value: &TokenStream) -> TokenStream {
    let (first, last) = ends_of(expr);
    value_at(value, first, last)
}

/// Where an expression begins, and where it ends.
pub(super) fn ends_of(expr: &Expr) -> (Span, Span) {
    let tokens = expr.to_token_stream().into_iter();
    let mut spans = tokens.map(|tree| match &tree {
        TokenTree::Group(group) => (group.span_open(), group.span_close()),
        tree => (tree.span(), tree.span()),
    });
    let first = spans.next().expect("an expression has tokens");
    let last = spans.last().unwrap_or(first);
    (first.0, last.1)
}

/// A value with a type, as the witness has it: see `typed`.
pub(super) fn with_type(ty: &syn::Type, value: &TokenStream) -> TokenStream {
    emit!({ let value: #ty = #value; value })
}

/// An expression that is made of tokens.
pub(super) fn verbatim(tokens: TokenStream) -> Expr {
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

    fn take_part_apart(&mut self, matching: &mut syn::ExprMatch, _: Certainty) -> bool {
        self.machine.take_part_apart(matching)
    }

    fn take_by_test(&mut self, test: &mut syn::ExprLet, _: Certainty) -> bool {
        self.machine.take_by_test(test)
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

    fn copied(&mut self, expr: &mut Expr, local: LocalId) {
        if !self.machine.names.is_in_block(local) {
            *expr = verbatim(self.machine.copied(expr));
        }
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
            Expr::Try(question) => self.machine.question(&question.expr),
            Expr::MethodCall(_) | Expr::Call(_) => match self.machine.called(expr) {
                Some(call) => call,
                None => return,
            },
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
            let name = self.machine.names.incoming(local, expr.span());
            *expr = verbatim(emit!(#name));
        } else {
            Rewrite { machine: self.machine }.local(expr, local, kind, certainty);
        }
    }

    fn assign(&mut self, expr: &mut Expr, local: LocalId, certainty: Certainty) {
        Rewrite { machine: self.machine }.assign(expr, local, certainty);
    }

    fn copied(&mut self, expr: &mut Expr, local: LocalId) {
        Rewrite { machine: self.machine }.copied(expr, local);
    }

    fn closure(&mut self, expr: &mut Expr, _: Certainty) -> bool {
        let tokens = self.machine.closure_in_guard(expr, self.bound);
        *expr = verbatim(tokens);
        true
    }

    fn take_apart(&mut self, matching: &mut syn::ExprMatch, local: LocalId) {
        Rewrite { machine: self.machine }.take_apart(matching, local);
    }

    fn take_part_apart(&mut self, matching: &mut syn::ExprMatch, certainty: Certainty) -> bool {
        Rewrite { machine: self.machine }.take_part_apart(matching, certainty)
    }

    fn take_by_test(&mut self, test: &mut syn::ExprLet, certainty: Certainty) -> bool {
        Rewrite { machine: self.machine }.take_by_test(test, certainty)
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

impl Machine<'_> {
    /// A call whose receiver may be moved out of a slot.
    fn called(&self, call: &mut Expr) -> Option<TokenStream> {
        let part = match &*call {
            Expr::MethodCall(call) => self.part_call(call),
            _ => None,
        };
        part.or_else(|| self.lent_call(call))
    }

    /// Rewrites a match in user code that takes a variable of the frame apart.
    fn take_apart(&self, matching: &mut syn::ExprMatch, local: LocalId) {
        let has_guard = matching.arms.iter().any(|arm| matches!(arm.pat, Pat::Guard(_)));
        if has_guard && self.has_flag(local) {
            return self.take_after_guards(matching, local);
        }
        let pointer = self.pointer(local);
        *matching.expr = verbatim(self.read(local, matching.expr.span()));
        for arm in &mut matching.arms {
            let takes = destructure::takes(&arm.pat);
            let clear = self.has_flag(local).then(|| self.names.live(local).clear());
            let check = destructure::is_opaque(&arm.pat).then(|| no_drop(&pointer));
            let pat = match &mut arm.pat {
                Pat::Guard(guarded) => &mut *guarded.pat,
                pat => pat,
            };
            let (pattern, forget) = taken_or_forgotten(&emit!(#pat), takes);
            *pat = Pat::parse_single.parse2(pattern).expect("it is a pattern");
            let before = match takes {
                Takes::Nothing => forget,
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
        self.place_within(local, span)
    }

    /// The place that stands for a local in such a macro.
    pub(super) fn place_within(&self, local: LocalId, span: Span) -> TokenStream {
        let name = self.names.within(local, Span::mixed_site().located_at(span));
        delimited(Delimiter::Parenthesis, quote_spanned!(span=> *#name), span)
    }

    /// Names in the tokens of a macro that is not known become places.
    pub(super) fn in_unknown_macro(
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

/// An expression where a struct literal is not allowed: in the head of a `match`.
pub(super) fn in_head(value: TokenStream) -> TokenStream {
    let is_brace = |tree: TokenTree| match tree {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        _ => false,
    };
    match value.clone().into_iter().any(is_brace) {
        true => emit!((#value)),
        false => value,
    }
}
