//! Locals of which parts are taken by value.
//!
//! A mark in the slot says of each part whether it was moved out. If its type is `Copy` it never is,
//! and the mark has no size. What is left is dropped by code that moves the value into a variable and
//! the missing parts out of it: rustc drops the rest of that.

use proc_macro2::{Delimiter, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Ident, Pat};

use super::at::At;
use super::machine::Machine;
use super::{delimited, original_names, private};
use crate::analysis::Home;
use crate::hir::{LocalId, LocalKind, as_local, destructure, only_taken};

impl Machine<'_> {
    /// Whether parts of a local are taken.
    pub(super) fn is_parted(&self, local: LocalId) -> bool {
        self.compilation.analysis.is_divided(local)
    }

    /// The variable that points to all that the slot of a local holds.
    pub(super) fn slot(&self, local: LocalId) -> Ident {
        let local = self.compilation.mir.kept_in(local);
        match self.is_parted(local) {
            true => self.names.slot(local),
            false => self.pointer(local),
        }
    }

    /// Notes that nothing was moved out of locals whose values a holder put into their slots.
    pub(super) fn mark_whole(&self, filled: &[LocalId]) -> TokenStream {
        let private = private();
        let slots = filled.iter().filter(|local| self.is_parted(**local)).map(|id| self.slot(*id));
        slots.map(|slot| emit!(#private::mark_whole(#slot);)).collect()
    }

    /// The pointer to the value in a slot whose parts are taken.
    pub(super) fn whole(&self, local: LocalId) -> TokenStream {
        let (private, slot, pointer) = (private(), self.names.slot(local), self.pointer(local));
        let parts = self.witness_has_type(local).then(|| self.parts(local));
        emit!(let #pointer @ _ = #private::whole(#slot); #parts)
    }

    /// The same, where marks are used for the first time, if the witness does not tell the type.
    pub(super) fn parts_at_first(&self, local: LocalId) -> Option<TokenStream> {
        let is_first = !self.witness_has_type(local) && self.parted.borrow_mut().insert(local);
        is_first.then(|| self.parts(local))
    }

    /// The same, where a local gets its first value, of which elements may be taken.
    pub(super) fn elements_at_first(&self, local: LocalId) -> Option<TokenStream> {
        let is_taken = !self.compilation.analysis.elements.of(local).is_empty();
        is_taken.then(|| self.parts_at_first(local)).flatten()
    }

    /// Whether the witness has told the compiler the type of a local. Otherwise it is known from
    /// where the local gets its value.
    fn witness_has_type(&self, local: LocalId) -> bool {
        let declared = &self.compilation.mir.locals[local];
        matches!(declared.kind, LocalKind::Argument | LocalKind::Binding)
            && !declared.is_anonymous
            && self.compilation.analysis.homes[local] == Home::Frame
    }

    /// The marks of a local, and how what is left of it is dropped.
    fn parts(&self, local: LocalId) -> TokenStream {
        let (private, slot) = (private(), self.names.slot(local));
        let parts = self.compilation.analysis.parts.of(local);
        let value = super::names::variable("value");
        let forgets = self.forget_moved(local, None, (0..parts.len()).collect());
        let elements = self.compilation.analysis.elements.of(local);
        let arms = elements.iter().flat_map(|matching| {
            matching.arms.iter().map(|arm| self.take_elements(&matching.expr, &arm.pat))
        });
        let forgets = arms.fold(
            forgets,
            |forgets, taken| emit!(if #private::never() { #taken } else { #forgets }),
        );
        let last = if elements.is_empty() { emit!(()) } else { emit!(#private::Elements) };
        let marks = parts.iter().rev().fold(last, |rest, part| {
            let mark = self.mark(part, local);
            emit!((#mark, #rest))
        });
        emit! {
            if false {
                loop {}
                use #private::{CopiedPart as _, Mark as _, MovedPart as _};
                #private::parts_of(
                    #slot,
                    move |mut #value, marks| { #forgets },
                    #marks,
                );
            }
        }
    }

    /// The slot of a local for a drop of it: of the value alone where nothing of that is missing.
    pub(super) fn slot_at(&self, at: At, local: LocalId) -> Ident {
        let (body, analysis) = (&self.compilation.mir, &self.compilation.analysis);
        let is_whole = analysis.has_only_elements(local)
            && !analysis.may_miss_elements(body, (at.block, at.index), local);
        if is_whole { self.pointer(local) } else { self.slot(local) }
    }

    /// Code that never runs, and takes the elements of the variable `value` that a pattern takes: so rustc
    /// drops the variable as one of which elements may be missing.
    fn take_elements(&self, place: &Expr, pat: &Pat) -> TokenStream {
        let value = super::names::variable("value");
        let place = with_root(inner(place), &syn::parse_quote!(#value));
        let pattern = self.pattern_of(&only_taken(pat), &|_| true);
        emit!(match #place { #pattern => {} _ => {} })
    }

    /// The same, after a pattern has taken something out of a local: takes what others take of the rest.
    pub(super) fn take_elements_beside(&self, local: LocalId, taken: &Pat) -> TokenStream {
        let matches = self.compilation.analysis.elements.of(local).iter();
        let whole = matches.filter(|matching| as_local(inner(&matching.expr)) == Some(local));
        let arms = whole.flat_map(|matching| matching.arms.iter().map(move |arm| (matching, arm)));
        let others = arms.filter_map(|(matching, arm)| {
            let pat = destructure::elements_beside(taken, &arm.pat)?;
            let (private, taken) = (private(), self.take_elements(&matching.expr, &pat));
            Some(emit!(if #private::never() { #taken }))
        });
        others.collect()
    }

    /// The mark of a part. What a closure captures has one in any case.
    fn mark(&self, part: &Expr, local: LocalId) -> TokenStream {
        let private = private();
        let place = match part {
            Expr::Closure(_) | Expr::Async(_) => return emit!(#private::Moved::default()),
            Expr::MethodCall(call) => self.place_of(&call.receiver, local),
            Expr::Match(matching) => return self.mark_of_match(matching, local),
            place => self.place_of(place, local),
        };
        emit!(((&&#private::PartProbe::new(&raw const #place)).mark()))
    }

    /// Takes a part out of a local.
    pub(super) fn part(&self, part: &Expr, local: LocalId) -> Option<TokenStream> {
        let number = self.compilation.analysis.parts.number(local, part)?;
        let (private, slot, mark) = (private(), self.names.slot(local), mark_of(number));
        let place = self.place_of(part, local);
        let span = part.span();
        let taken = Ident::new("__taken", span);
        let parts = self.parts_at_first(local);
        let block = emit! {
            #parts
            let #taken = #private::read(&raw const #place);
            #private::Mark::set_moved(&(*#slot).marks #mark, true);
            #taken
        };
        // In parentheses, as a statement may begin with it.
        let block = delimited(Delimiter::Brace, block, span);
        Some(delimited(Delimiter::Parenthesis, block, span))
    }

    /// Gives a part of a local a value: if it was moved out, there is no old one to drop.
    pub(super) fn assign_part(
        &self,
        assign: &syn::ExprAssign,
        local: LocalId,
    ) -> Option<TokenStream> {
        if !self.is_parted(local) {
            return None;
        }
        let parts = &self.compilation.analysis.parts;
        let (private, slot) = (private(), self.names.slot(local));
        let place = self.place_of(&assign.left, local);
        let (inside, beside): (Vec<usize>, Vec<usize>) = parts
            .inside(local, &assign.left)
            .into_iter()
            .partition(|number| parts.is_all_inside(local, *number, &assign.left));
        let checks = beside.into_iter().map(mark_of);
        let mut at = parts.at(local, &assign.left).into_iter().map(mark_of).peekable();
        let taken_at = parts.taken_at(local, &assign.left);
        let by_arms = taken_at.iter().map(|(number, arms)| {
            let mark = mark_of(*number);
            emit!(#private::take_mark_of_arm(&marks #mark, &[#(#arms),*]))
        });
        if inside.is_empty() && checks.len() == 0 && at.peek().is_none() && taken_at.is_empty() {
            return None;
        }
        let given = self.parts_at_first(local);
        let marks = inside.iter().map(|number| mark_of(*number));
        let forgets = self.forget_moved(local, Some(&assign.left), inside.clone());
        let (value, new) = (super::names::variable("value"), &assign.right);
        let new = super::code::in_head(new.to_token_stream());
        Some(emit! {
            match #new {
                // Its temporaries are dropped after the old value.
                new => {
                    use #private::Mark as _;
                    #given
                    let (part, marks) = (&raw mut #place, &(*#slot).marks);
                    #(#private::require_copy(&marks #checks);)*
                    if false #(| #private::take_mark(&marks #at))* #(| #by_arms)* {
                        #private::write(part, new);
                    } else {
                        // What is left of the old value is dropped at the end.
                        let mut #value = #private::read(part);
                        #private::write(part, new);
                        #forgets
                        #(marks #marks.set_moved(false);)*
                    }
                }
            }
        })
    }

    /// The place of a part, behind the pointer to the local.
    pub(super) fn place_of(&self, part: &Expr, local: LocalId) -> TokenStream {
        let span = part.span();
        let pointer = self.names.pointer(local, span);
        let root = Expr::Verbatim(delimited(
            Delimiter::Parenthesis,
            quote_spanned!(span=> *#pointer),
            span,
        ));
        with_root(part, &root)
    }
}

/// The place in a marked scrutinee.
pub(super) fn inner(scrutinee: &Expr) -> &Expr {
    match scrutinee {
        Expr::Paren(paren) => &paren.expr,
        place => place,
    }
}

/// The fields that lead to a mark in a list of pairs.
pub(super) fn mark_of(number: usize) -> TokenStream {
    let mut tokens: TokenStream = (0..number).map(|_| emit!(.1)).collect();
    tokens.extend(emit!(.0));
    tokens
}

/// A part of another place than of its local.
pub(super) fn with_root(part: &Expr, root: &Expr) -> TokenStream {
    struct Replace<'a>(&'a Expr);
    impl VisitMut for Replace<'_> {
        fn visit_expr_mut(&mut self, expr: &mut Expr) {
            match as_local(expr) {
                Some(_) => *expr = self.0.clone(),
                None => visit_mut::visit_expr_mut(self, expr),
            }
        }
    }
    let mut part = part.clone();
    Replace(root).visit_expr_mut(&mut part);
    original_names(part.into_token_stream())
}
