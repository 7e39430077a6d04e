//! Closures and `async` blocks in the machine.

use std::collections::{BTreeSet, HashSet};

use proc_macro2::{Delimiter, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::Expr;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::visit_mut::VisitMut;

use super::code::{unwrapped, value_at, verbatim};
use super::machine::Machine;
use super::parts::mark_of;
use super::{delimited, private, private_at};
use crate::hir::uses::{self, Certainty, UseKind, Visitor};
use crate::hir::{LocalId, Rename, locals_in, names_parts_only, parted_locals, unmark_parted};

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
        self.closure_beside(closure, false)
    }

    /// A closure in the guard of an arm, in which the bindings of the arm are variables.
    pub(super) fn closure_in_guard(&self, closure: &Expr, bound: &[LocalId]) -> TokenStream {
        let mut closure = closure.clone();
        let named = locals_in(&closure.to_token_stream());
        let is_bound = |local: &&LocalId| bound.contains(local) && !self.names.is_in_block(**local);
        let bound: Vec<LocalId> = named.iter().filter(is_bound).copied().collect();
        for local in &bound {
            Rename::new(*local, self.incoming(*local)).visit_expr_mut(&mut closure);
        }
        self.closure_beside(&closure, !bound.is_empty())
    }

    /// A closure that may name variables of the block beside locals.
    fn closure_beside(&self, closure: &Expr, names_block: bool) -> TokenStream {
        let original = closure;
        let mut closure = closure.clone();
        let mut parted: Vec<LocalId> = parted_locals(original);
        parted.retain(|local| !self.names.is_in_block(*local));
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
        let (mut copied, taken): (Vec<LocalId>, Vec<LocalId>) = (copied, taken);
        // One that is read and written is in both.
        copied.retain(|local| !captures.by_reference.contains(local));
        captures.by_reference.extend(copied);
        captures.by_value.extend(taken);
        captures.by_value.retain(|local| !parted.contains(local));
        let is_taken =
            |local: &LocalId| captures.by_value.contains(local) || parted.contains(local);
        captures.by_reference.retain(|local| !is_taken(local));
        let in_frame = |list: &[LocalId]| -> Vec<LocalId> {
            list.iter().copied().filter(|id| !self.names.is_in_block(*id)).collect()
        };
        let (moved, pointed) = (in_frame(&captures.by_value), in_frame(&captures.by_reference));
        let borrows_block = names_block
            || captures.by_reference.iter().any(|id| self.names.is_in_block(*id) && is_outer(id));
        let pointed = if borrows_block { Vec::new() } else { pointed };
        if !pointed.is_empty() || !moved.is_empty() && !borrows_block {
            force_move(&mut closure);
        }
        let variables = [&moved[..], &parted[..]].concat();
        let (moved_here, pointed_here) = (&variables[..], &pointed[..]);
        let within = BTreeSet::new();
        let mut inside =
            InClosure { machine: self, moved: moved_here, pointed: pointed_here, within };
        uses::walk_capture(&mut closure, is_move, &mut inside);
        inside.declare_within(&mut closure);
        unmark_parted(&mut closure);
        let whole =
            moved.iter().filter(|id| self.has_flag(**id) && names_parts_only(original, **id));
        let checks: Vec<TokenStream> = whole
            .map(|local| {
                let (private, pointer) = (private_at(original.span()), self.pointer(*local));
                quote_spanned!(original.span()=> #private::captured_in_parts(#pointer);)
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
        if !parted.is_empty() {
            let captured = self.captured_from_copies(original, &parted, &closure);
            return emit!(({ #(#checks)* #(#takes)* #(#points)* #captured }));
        }
        // In parentheses, as a statement may begin with it.
        match moved.is_empty() && pointed.is_empty() {
            true => closure.into_token_stream(),
            false => emit!(({ #(#checks)* #(#takes)* #(#points)* #closure })),
        }
    }

    /// A closure that captures parts of locals by value: it takes them out of copies that nobody
    /// drops, in a future that is forgotten.
    fn captured_from_copies(
        &self,
        original: &Expr,
        parted: &[LocalId],
        closure: &Expr,
    ) -> TokenStream {
        let private = private();
        let copies: Vec<_> = parted.iter().map(|local| self.pointer(*local)).collect();
        let parts: TokenStream =
            parted.iter().filter_map(|local| self.parts_at_first(*local)).collect();
        let marks = parted.iter().filter_map(|local| {
            let number = self.compilation.analysis.parts.number(*local, original)?;
            let (slot, mark) = (self.slot(*local), mark_of(number));
            Some(emit!(#private::Mark::set_moved(&(*#slot).marks #mark, true);))
        });
        emit! {
            #parts
            let mut closure = #private::MaybeUninit::uninit();
            {
                let given = #private::Given::new(
                    (closure.as_mut_ptr(), #(#private::read(#copies),)*)
                );
                let receive = given.receive();
                let mut future = #private::MaybeUninit::new(async {
                    let (result, #(mut #copies,)*) = receive.await;
                    let closure = #closure;
                    if false {
                        loop {}
                        #private::same(result, &raw const closure);
                    }
                    #private::put(result, closure);
                    #private::pending().await
                });
                #private::hold(future.as_mut_ptr(), given);
            }
            #(#marks)*
            closure.assume_init()
        }
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
    /// The locals behind pointers that macros name which are not known.
    within: BTreeSet<LocalId>,
}

impl InClosure<'_> {
    /// Declares the variables for the locals that such macros name: what a macro makes of them must
    /// not outlive a call of the closure, as the pointers may be kept no longer.
    fn declare_within(&self, closure: &mut Expr) {
        if self.within.is_empty() {
            return;
        }
        let (private, names) = (private(), self.machine.names);
        let declare = self.within.iter().map(|local| {
            let name = names.within(*local, Span::mixed_site());
            let pointer = self.machine.pointer(*local);
            let pointer = match self.pointed.contains(local) {
                true => emit!(#pointer.get()),
                false => emit!(#pointer),
            };
            emit!(let mut #name = #private::Within::new(&resume, #pointer);)
        });
        let declare = emit!(let resume = #private::Resume; #(#declare)*);
        match closure {
            Expr::Closure(closure) => {
                // In parentheses, as a statement may not begin with every expression.
                let body = &closure.body;
                *closure.body = verbatim(emit!({ #declare (#body) }));
            }
            Expr::Async(block) => {
                let declare: syn::Block = syn::parse2(emit!({ #declare })).expect("it is a block");
                block.block.stmts.splice(0..0, declare.stmts);
            }
            _ => {}
        }
    }

    fn use_of(&self, local: LocalId, kind: UseKind, span: Span) -> TokenStream {
        let name = self.machine.names.pointer(local, span);
        if self.moved.contains(&local) {
            return emit!(#name);
        }
        let tokens = match self.pointed.contains(&local) {
            true => quote_spanned!(span=> *#name.get()),
            false => quote_spanned!(span=> *#name),
        };
        let is_copied =
            kind == UseKind::Capture && self.machine.compilation.mir.locals[local].is_copy;
        match is_copied {
            true => value_at(&tokens, span, span),
            false => delimited(Delimiter::Parenthesis, tokens, span),
        }
    }
}

impl Visitor for InClosure<'_> {
    fn local(&mut self, expr: &mut Expr, local: LocalId, kind: UseKind, _: Certainty) {
        if !self.machine.names.is_in_block(local) {
            *expr = verbatim(self.use_of(local, kind, expr.span()));
        } else if let Some(last) = self.machine.ready_end(local) {
            *expr = verbatim(unwrapped(expr, last));
        }
    }

    fn assign(&mut self, expr: &mut Expr, local: LocalId, certainty: Certainty) {
        let Expr::Assign(assign) = expr else { return };
        self.local(&mut assign.left, local, UseKind::Assign, certainty);
    }

    fn tokens(&mut self, tokens: &mut TokenStream, _: Certainty) {
        let named = crate::hir::locals_in(tokens).into_iter();
        let is_kept = |local: &LocalId| {
            !self.moved.contains(local) && !self.machine.names.is_in_block(*local)
        };
        self.within.extend(named.filter(is_kept));
        let place = |local, span| match self.moved.contains(&local) {
            true => self.use_of(local, UseKind::Borrow, span),
            false => self.machine.place_within(local, span),
        };
        *tokens = self.machine.in_unknown_macro(std::mem::take(tokens), &place);
    }
}
