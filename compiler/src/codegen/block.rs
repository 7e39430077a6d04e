//! One block and what is emitted inside it: statements, then a jump, a branch or an end.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};

use super::at::At;
use super::emitted::Emitted;
use super::machine::{Incoming, Machine, ready_value};
use quote::ToTokens;
use syn::spanned::Spanned;

use super::code::unwrapped;
use super::{code, delimited, edition, original_names, private, typed};
use crate::analysis::{self, takes_scrutinee, takes_variable};
use crate::ast::Flavor;
use crate::hir::destructure::{self, Takes};
use crate::hir::{self, LocalId, as_local, bindings};
use crate::mir::{BlockId, DropKind, Statement, Terminator};

/// Whether tokens begin with a block or `match` that is a part of an expression. At the beginning of
/// a statement rustc would take it for the whole.
fn begins_like_statement(tokens: &TokenStream) -> bool {
    let mut trees = tokens.clone().into_iter().peekable();
    let is_brace = |tree: &TokenTree| matches!(tree, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
    let begins = trees.peek().is_some_and(|first| {
        is_brace(first) || matches!(first, TokenTree::Ident(name) if name == "match")
    });
    begins && trees.by_ref().any(|tree| is_brace(&tree)) && trees.next().is_some()
}

/// A statement that begins with an operand in braces is an expression nevertheless.
fn begun_as_expression(stmt: &syn::Stmt, tokens: TokenStream) -> TokenStream {
    let syn::Stmt::Expr(_, Some(semicolon)) = stmt else { return tokens };
    let mut trees: Vec<TokenTree> = tokens.clone().into_iter().collect();
    trees.pop();
    let expr: TokenStream = trees.into_iter().collect();
    match begins_like_statement(&expr) {
        true => emit!((#expr) #semicolon),
        false => tokens,
    }
}

/// The locals that end with the tail of the body, if a block has it.
fn ended_by_tail(statements: &[Statement]) -> Option<&[LocalId]> {
    statements.iter().find_map(|statement| match statement {
        Statement::Tail(locals) => Some(&**locals),
        _ => None,
    })
}

/// The tail of a block, which must not begin like a statement.
fn no_statement(value: TokenStream, span: Span) -> TokenStream {
    let is_block = matches!(value.clone().into_iter().next(),
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace);
    match is_block || begins_like_statement(&value) {
        true => delimited(Delimiter::Parenthesis, value, span),
        false => value,
    }
}

/// What stands before the `else` of a `let`, where rustc refuses a closing brace.
fn before_else(value: TokenStream) -> TokenStream {
    match value.clone().into_iter().last() {
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => emit!((#value)),
        _ => value,
    }
}

/// Whether a pattern takes a part of a value, whose rest is to be dropped after that is in its slot.
fn leaves_value(pat: &syn::Pat) -> bool {
    destructure::takes(pat) == Takes::Part && !destructure::binds_by_reference(pat)
}

impl Machine<'_> {
    /// The tokens of a block; control does not get past them.
    pub(super) fn block(&self, id: BlockId, incoming: &Incoming) -> TokenStream {
        let block = &self.compilation.mir.blocks[id];
        let mut emitted = Emitted::default();
        if let Terminator::Return { value: Some(value) } = &block.terminator
            && let Some(locals) = ended_by_tail(&block.statements)
        {
            return self.tail(id, locals, value, *incoming);
        }
        for (index, statement) in block.statements.iter().enumerate() {
            self.statement(At { block: id, index }, statement, *incoming, &mut emitted);
        }
        let end = self.terminator(id, &block.terminator);
        let parts = emitted.finish();
        emit!(#parts #end)
    }

    /// A block with the tail of the body: between the user's braces, at whose end rustc drops
    /// temporaries and locals in the order of the user's edition.
    fn tail(
        &self,
        id: BlockId,
        locals: &[LocalId],
        value: &syn::Expr,
        incoming: Incoming,
    ) -> TokenStream {
        let (mut around, mut inside) = (Emitted::default(), Emitted::default());
        let statements = &self.compilation.mir.blocks[id].statements;
        for (index, statement) in statements.iter().enumerate() {
            let emitted = match self.outlives_tail(statements, index, locals) {
                true => &mut around,
                false => &mut inside,
            };
            match statement {
                Statement::Tail(_) => emitted.push(emit!(is_tail.set(1);)),
                _ => self.statement(At { block: id, index }, statement, incoming, emitted),
            }
        }
        let (private, around, parts) = (private(), around.finish(), inside.finish());
        let drops = locals.iter().rev().filter(|local| self.has_flag(**local)).map(|local| {
            let at = At { block: id, index: statements.len() };
            let (flag, slot) = (self.names.live(*local).arguments(), self.slot_at(at, *local));
            emit!(#private::drop_if(#flag, #slot);)
        });
        let guard = emit! {
            let is_tail = &#private::Live::new();
            let locals = #private::Later::new(move || if is_tail.has(1) { #(#drops)* });
        };
        let braces = self.compilation.function.body.brace_token.span.join();
        let value = no_statement(self.value(value), braces);
        let block = delimited(Delimiter::Brace, emit!(#guard #parts #value), braces);
        let complete = self.complete_body(id, &block);
        emit!(#around #complete)
    }

    /// Whether a statement belongs before the block that has the tail: an argument lives longer than
    /// the temporaries, and so must a variable that it moves to.
    fn outlives_tail(&self, statements: &[Statement], index: usize, locals: &[LocalId]) -> bool {
        if let Some(prologue) = self.compilation.mir.prologue {
            return index < prologue;
        }
        let moved = match (&statements[index], statements.get(index + 1)) {
            (Statement::Bound(local), _) => return self.compilation.mir.arguments.contains(local),
            (Statement::Later { local, .. }, _)
            | (Statement::Let { .. }, Some(Statement::Later { local, .. })) => local,
            _ => return false,
        };
        let is_used_before = statements[..index].iter().any(|statement| match statement {
            Statement::Bound(_) | Statement::Later { .. } => false,
            Statement::Let { value, .. } if as_local(value) == Some(*moved) => false,
            statement => analysis::mentions(&self.compilation.mir, statement, *moved),
        });
        !locals.contains(moved) && !is_used_before
    }

    fn statement(&self, at: At, statement: &Statement, incoming: Incoming, emitted: &mut Emitted) {
        match statement {
            Statement::Declare(local) => self.declare(at, *local, emitted),
            Statement::Init { local, value } => self.init(at, *local, value, emitted),
            Statement::Hold { .. } => emitted.push(self.hold(at, statement)),
            Statement::Lend { from, to } => emitted.push(self.lend(*from, *to)),
            Statement::Restore { from, to, call } => {
                emitted.push(self.restore_lent(*from, *to, call));
            }
            Statement::RequireEdition2024 => emitted.push(edition::require_2024()),
            Statement::Tail(_) => {}
            Statement::DropIn2024(local) => {
                if self.has_flag(*local) {
                    let (flag, pointer) =
                        (self.names.live(*local).arguments(), self.slot_at(at, *local));
                    let private = private();
                    emitted.push(emit! {
                        if __IS_EDITION_2024 {
                            #private::drop_if(#flag, #pointer);
                        }
                    });
                }
            }
            Statement::Later { local, variable } if self.names.is_in_block(*variable) => {
                emitted.push(self.later(at, *local));
            }
            // What is kept has a flag, and its place in the order of drops.
            Statement::Later { .. } => {}
            Statement::Taken(local) => {
                if self.has_flag(*local) {
                    emitted.push(self.names.live(*local).clear());
                }
            }
            Statement::Bound(local) => self.bound(*local, incoming, emitted),
            Statement::Let { .. } => self.binding(statement, emitted),
            Statement::Eval(stmt) => {
                emitted.push(begun_as_expression(stmt, self.stmt(stmt)));
            }
            Statement::Drop { local, kind } => self.scope_end(at, *local, *kind, emitted),
        }
    }

    pub(super) fn variable(&self, local: LocalId) -> TokenStream {
        let declared = &self.compilation.mir.locals[local];
        let unique = declared.unique(local, declared.name.span());
        original_names(emit!(#unique))
    }

    /// The type of a variable, where it is written.
    fn written_type(&self, local: LocalId) -> TokenStream {
        let ty = self.compilation.mir.locals[local].ty.as_ref();
        ty.map_or_else(TokenStream::new, |ty| emit!(: #ty))
    }

    fn is_initialised_next(&self, id: BlockId, index: usize, local: LocalId) -> bool {
        matches!(
            self.compilation.mir.blocks[id].statements.get(index + 1),
            Some(Statement::Init { local: next, .. }) if *next == local
        )
    }

    fn declare(&self, At { block: id, index }: At, local: LocalId, emitted: &mut Emitted) {
        let is_bound =
            |statement: &Statement| matches!(statement, Statement::Bound(bound) if *bound == local);
        let is_bound_later =
            self.compilation.mir.blocks.iter().any(|block| block.statements.iter().any(is_bound));
        if !self.names.is_in_block(local)
            || self.compilation.mir.kept_in(local) != local
            || is_bound_later
            || self.is_initialised_next(id, index, local)
        {
            return;
        }
        let is_filled_in_region =
            self.compilation.mir.blocks.iter_enumerated().any(|(block, b)| {
                let fills = |s: &Statement| analysis::fills(&self.compilation.mir, s, local);
                self.region_of(block) == self.region_of(id) && b.statements.iter().any(fills)
            });
        if !is_filled_in_region {
            return;
        }
        emitted.push_declaration(local, [self.variable(local), self.written_type(local)]);
    }

    fn init(&self, at: At, local: LocalId, value: &syn::Expr, emitted: &mut Emitted) {
        let At { block: id, index } = at;
        if !self.names.is_in_block(local) {
            return emitted.push(match &self.compilation.mir.locals[local].ty {
                Some(ty) if typed::is_borrowed(ty, value) => {
                    self.fill_erased(local, Some(ty), value)
                }
                None if self.is_only_value(local) && typed::may_borrow(value) => {
                    self.fill_erased(local, None, value)
                }
                _ => {
                    let beside = self.beside_waiting(at, local, value);
                    let value = beside.unwrap_or_else(|| self.first_value(local, value));
                    self.fill(local, &value)
                }
            });
        }
        let value = self.beside_waiting(at, local, value).unwrap_or_else(|| self.value(value));
        let name = self.variable(local);
        let is_declared_here = index > 0
            && matches!(
                self.compilation.mir.blocks[id].statements[index - 1],
                Statement::Declare(declared) if declared == local
            );
        let is_declared_elsewhere = analysis::declaring_blocks(&self.compilation.mir)[local]
            .is_some_and(|declared| self.region_of(declared) != self.region_of(id));
        match is_declared_here || is_declared_elsewhere {
            true => emitted.push_variable(local, [name, self.written_type(local)], &value),
            false => emitted.push(emit!(#name = #value;)),
        }
    }

    /// A guard that drops what was declared after a local, before the variables of the block.
    fn later(&self, at: At, local: LocalId) -> TokenStream {
        let (private, drops) = (private(), self.drops_of_later(at, local));
        match drops.is_empty() {
            true => TokenStream::new(),
            false => emit!(let later = #private::Later::new(move || { #drops });),
        }
    }

    fn bound(&self, local: LocalId, incoming: Incoming, emitted: &mut Emitted) {
        let is_in_block = self.names.is_in_block(local);
        match (incoming, is_in_block) {
            (Incoming::Value { first, last }, true) => {
                let value = match self.ready_end(local) {
                    Some(_) => ready_value(first).into_token_stream(),
                    None => unwrapped(&ready_value(first), last),
                };
                let name = self.variable(local);
                emitted.push_variable(local, [name, self.written_type(local)], &emit!(#value));
            }
            (Incoming::Value { first, last }, false) => {
                let typed = ready_value(first);
                let value = unwrapped(&typed, last);
                let ty = &self.compilation.mir.locals[local].ty;
                let value = match ty {
                    Some(ty) => emit!({ let #typed: #ty = #value; #typed }),
                    None => emit!(#value),
                };
                emitted.push(self.fill(local, &value));
            }
            (Incoming::Arguments | Incoming::Kept, _) => {
                if self.has_flag(local) {
                    emitted.push(self.names.live(local).set());
                }
                emitted.push(self.elements_at_first(local).unwrap_or_default());
            }
            (_, true) => emitted.declare_before(local, &self.variable(local)),
            (_, false) => emitted.push(self.fill_bound(local)),
        }
    }

    /// Moves what a pattern has bound to its slot.
    ///
    /// What borrows from a slot before a guard is asked does so for ever as far as rustc can see, because of
    /// the type of its own slot; but other arms take the reference that was matched, if the guard fails. So
    /// the lifetimes are forgotten. rustc could not check them: what is in a slot is behind a pointer.
    fn fill_bound(&self, local: LocalId) -> TokenStream {
        let (name, pointer, private) = (self.incoming(local), self.pointer(local), private());
        if !self.guarded.contains(&local) {
            return self.fill(local, &emit!(#name));
        }
        let fill = self.fill(local, &emit!(#private::erased(#pointer, #name)));
        emit! {
            if false {
                loop {}
                #private::same(#pointer, &raw const #name);
            }
            #fill
        }
    }

    /// `let`: a variable of the block, or values that move on to slots.
    fn binding(&self, statement: &Statement, emitted: &mut Emitted) {
        let Statement::Let { attributes, pat, ty, value } = statement else { return };
        let bound = bindings(pat);
        // Code is made once: what is told the compiler at the first use of a local would be lost otherwise.
        let tokens = || match destructure::takes_part(pat, value) {
            true => self.first(value),
            false => self.scrutinee(pat, value),
        };
        let to_slots: Vec<LocalId> =
            bound.iter().copied().filter(|local| !self.names.is_in_block(*local)).collect();
        if let (syn::Pat::Ident(ident), [local]) = (pat, &to_slots[..])
            && ident.by_ref.is_none()
            && ident.subpat.is_none()
        {
            let fill = match ty {
                Some(ty) if typed::is_borrowed(ty, value) => {
                    self.fill_erased(*local, Some(ty), value)
                }
                Some(ty) => self.fill(*local, &code::with_type(ty, &tokens())),
                None if typed::may_borrow(value) => self.fill_erased(*local, None, value),
                None => self.fill(*local, &tokens()),
            };
            return emitted.push(emit!(#(#attributes)* #fill));
        }
        let (pattern, tokens) = (self.pattern(pat), tokens());
        // With a match the temporaries of the value are dropped when the variables have their values. That a
        // pattern may not match is for the witness to report.
        let extends = ty.is_some() || destructure::binds_by_reference(pat) || typed::borrows(value);
        if to_slots == bound && ty.is_none() && (leaves_value(pat) || !extends) {
            let fills = self.fill_incoming(&to_slots);
            let value = code::in_head(tokens);
            let matching = emit!(match #value { #pattern => { #fills } _ => loop {} });
            return emitted.push(emit!(#(#attributes)* #matching));
        }
        let ty = ty.as_ref().map(|ty| emit!(: #ty));
        let in_block = bound.into_iter().filter(|local| self.names.is_in_block(*local));
        let in_block: Vec<LocalId> = in_block.collect();
        let incoming = self.pattern_of(pat, &|_| true);
        let assign = in_block.iter().map(|local| {
            let (name, value) = (self.variable(*local), self.incoming(*local));
            emit!(#name = #value;)
        });
        let split = match extends {
            true => emit!(#(#attributes)* let #incoming #ty = #tokens; #(#assign)*),
            false => {
                let value = code::in_head(tokens.clone());
                let matching = emit!(match #value { #incoming => { #(#assign)* } _ => loop {} });
                emit!(#(#attributes)* #matching)
            }
        };
        let declaration = |local: LocalId| {
            let name = self.variable(local);
            (local, emit!(let mut #name;))
        };
        emitted.declare_in_pattern(in_block.into_iter().map(declaration).collect(), split);
        let (begin, end) = (syn::Token![let](pat.span()), syn::Token![;](code::ends_of(value).1));
        emitted.push(emit!(#(#attributes)* #begin #pattern #ty = #tokens #end));
        emitted.push(self.fill_incoming(&to_slots));
    }

    /// Moves what a pattern has bound to slots.
    fn fill_incoming(&self, locals: &[LocalId]) -> TokenStream {
        let fill = |local: &LocalId| {
            let name = self.incoming(*local);
            self.fill(*local, &emit!(#name))
        };
        locals.iter().map(fill).collect()
    }

    /// What a pattern is matched against.
    fn scrutinee(&self, pat: &syn::Pat, value: &syn::Expr) -> TokenStream {
        let body = &self.compilation.mir;
        if destructure::is_binding(pat) {
            self.value(value)
        } else if takes_scrutinee(body, value) && !destructure::binds_by_reference(pat)
            || takes_variable(pat, value)
        {
            let (check, value) = (self.check_no_drop(pat, value), self.value(value));
            code::in_place_of(&syn::Expr::Verbatim(value.clone()), &emit!({ #check #value }))
        } else {
            self.place(value)
        }
    }

    /// The end of a local's scope.
    fn scope_end(
        &self,
        At { block: id, index }: At,
        local: LocalId,
        kind: DropKind,
        emitted: &mut Emitted,
    ) {
        if self.names.is_in_block(local) {
            let analysis = &self.compilation.analysis;
            let body = &self.compilation.mir;
            let may_drop = !body.locals[local].is_plain && analysis.may_be_left(id, index, local);
            emitted.close(local, may_drop && !analysis::is_last(body, analysis, id, index));
            return;
        }
        let (pointer, private) = (self.slot(local), private());
        let flag = || self.names.live(local).arguments();
        match kind {
            DropKind::Always => {
                let (flag, pointer) = (flag(), self.slot_at(At { block: id, index }, local));
                emitted.push(emit!(#private::drop_now(#flag, #pointer);));
            }
            DropKind::Flagged => {
                let flag = flag();
                emitted.push(emit!(#private::drop_if(#flag, #pointer);));
            }
            DropKind::Never | DropKind::Unknown => {}
        }
    }

    fn terminator(&self, id: BlockId, terminator: &Terminator) -> TokenStream {
        match terminator {
            Terminator::Goto(target) => self.jump(*target),
            Terminator::If { condition, then, otherwise } => {
                let condition = self.value(condition);
                let (then, otherwise) = (self.jump(*then), self.jump(*otherwise));
                emit!(if #condition { #then } else { #otherwise })
            }
            Terminator::LetElse { .. } => self.let_else(terminator),
            Terminator::Match { scrutinee, arms, taken } => match taken {
                Some(local) if !self.names.is_in_block(*local) => {
                    self.taking(*local, scrutinee, arms)
                }
                _ => self.matching(id, scrutinee, arms),
            },
            Terminator::Select { scrutinee, arms, otherwise } => {
                self.select(scrutinee, arms, *otherwise)
            }
            Terminator::Split { place, holder, arms } => self.split(id, place, *holder, arms),
            Terminator::Await { .. } => self.begin_wait(id),
            Terminator::Suspend { value, .. } => self.yield_value(id, value.as_ref()),
            Terminator::Return { value } => {
                let private = private();
                let end = || emit!(#private::end_of_body());
                let value = value.as_ref().map_or_else(end, |value| self.value(value));
                self.complete_body(id, &value)
            }
            // That the user's code before it does not leave is for the witness to report.
            Terminator::Unreachable => emit!(::core::unreachable!()),
        }
    }

    fn let_else(&self, terminator: &Terminator) -> TokenStream {
        let Terminator::LetElse { pat, ty, value, then, otherwise } = terminator else {
            unreachable!("it is a `let` with `else`")
        };
        let leaves_rest = leaves_value(pat) || hir::expression_leaves_temporaries(value);
        let bound = bindings(pat);
        let (in_block, to_slots): (Vec<LocalId>, Vec<LocalId>) =
            bound.into_iter().partition(|local| self.names.is_in_block(*local));
        let value = self.scrutinee(pat, value);
        let otherwise = self.jump(*otherwise);
        if ty.is_some() || to_slots.is_empty() || !leaves_rest {
            let (pattern, value, then) = (self.pattern(pat), before_else(value), self.jump(*then));
            let ty = ty.as_ref().map(|ty| emit!(: #ty));
            return emit!(let #pattern #ty = #value else { #otherwise }; #then);
        }
        // What is bound is in its slot before what is left is dropped.
        let (pattern, fills) = (self.pattern_of(pat, &|_| true), self.fill_incoming(&to_slots));
        let names: Vec<TokenStream> = in_block.iter().map(|local| self.variable(*local)).collect();
        let values = in_block.iter().map(|local| self.incoming(*local));
        let (value, then) = (code::in_head(value), self.block(*then, &Incoming::Kept));
        emit! {
            #(let mut #names;)*
            'matched: {
                match #value {
                    #pattern => { #(#names = #values;)* #fills break 'matched; }
                    _ => {}
                };
                #otherwise
            }
            #then
        }
    }

    /// Makes sure that a variable which a `let` takes apart has no `Drop` of its own.
    fn check_no_drop(&self, pat: &syn::Pat, value: &syn::Expr) -> Option<TokenStream> {
        let local = as_local(value).filter(|local| !self.names.is_in_block(*local))?;
        destructure::is_opaque(pat).then(|| code::no_drop(&self.pointer(local)))
    }

    /// Writes the flags that the frame keeps for a suspension.
    fn save_flags(&self, id: BlockId) -> TokenStream {
        let suspensions = &self.compilation.analysis.suspensions;
        let Some(suspension) = suspensions.iter().find(|s| s.block == id) else {
            return TokenStream::new();
        };
        let save = |local: LocalId| {
            let (flag, is_live) = (self.names.flag(local), self.names.live(local).get());
            emit!((*frame).#flag = #is_live;)
        };
        suspension.flagged.iter().map(save).collect()
    }

    /// Goes to the state that polls the future.
    fn begin_wait(&self, id: BlockId) -> TokenStream {
        let flags = self.save_flags(id);
        let jump = self.jump(self.compilation.mir.blocks[id].terminator.successors()[0]);
        emit!(#flags #jump)
    }

    /// Where the user wrote the suspension that a block ends with.
    fn suspension_span(&self, id: BlockId) -> Span {
        match &self.compilation.mir.blocks[id].terminator {
            Terminator::Suspend { source, .. } | Terminator::Await { source, .. } => source.span,
            _ => Span::mixed_site(),
        }
    }

    /// Gives control back, with a value if the coroutine is resumed by hand.
    fn yield_value(&self, id: BlockId, value: Option<&syn::Expr>) -> TokenStream {
        let resume = self.compilation.mir.blocks[id].terminator.successors()[0];
        let state = self.compilation.layout.state_of(resume).expect("it is resumed");
        let flags = self.save_flags(id);
        let nothing = || {
            let span = self.suspension_span(id);
            delimited(Delimiter::Parenthesis, TokenStream::new(), span)
        };
        let value = value.map_or_else(nothing, |value| self.value(value));
        let suspend = self.suspend(state, &emit!(value));
        let ty = match &self.compilation.function.flavor {
            Flavor::Async => emit!(()),
            Flavor::ByHand { yields, .. } => emit!(#yields),
        };
        emit! {
            let value: #ty = #value;
            #flags
            #suspend
        }
    }
}
