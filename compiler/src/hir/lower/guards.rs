//! `match` with guards that suspend.
//!
//! A guard looks at what the pattern binds while the value stays where it is; only when the guard
//! holds are the bindings taken. So such a match looks at its place several times:
//!
//! ```text
//! match x {                  select x { A(_) => take the first, B(y) => test the second }
//!     A(z) => ..,            take the first:   match x { A(z) => .. }
//!     B(y) if f(&y).await    test the second:  _1 = &y; if await f(&*_1) { match x { B(y) => .. } }
//!     ..                                       else select x { .. }
//! ```
//!
//! Each case of an or-pattern is tried with the guard, as rustc does.

use std::collections::HashMap;

use proc_macro2::{Group, TokenStream, TokenTree};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr as Syntax, ExprMatch, Pat, parse_quote_spanned};

use super::super::destructure::{self, reached_in, takes_elements};
use super::super::{
    Case, Expr, ExprKind, Guard, GuardedArm, LocalId, LocalKind, Look, as_local, bindings,
};
use super::matches::{holds_let, is_place_of};
use super::stmt::is_constructor;
use super::{Lowering, pat, place};
use crate::ast::{macros, suspends};
use crate::diagnostics;

/// The most patterns that an or-pattern with a guard is taken apart into.
const CASES_MAX: usize = 64;

/// Whether the guard of a pattern suspends.
pub(super) fn suspends_in_guard(pat: &Pat) -> bool {
    pat::split_guard(pat).1.is_some_and(|guard| suspends(&guard))
}

impl Lowering {
    /// A match with guards that suspend, or that leave the function while a part of the value is kept.
    /// What is left of it lives as long as the temporaries around it, if the match is an operand.
    pub(super) fn guarded(&mut self, matching: &ExprMatch, is_operand: bool) -> ExprKind {
        let (scrutinee, mut temporaries) = (&*matching.expr, Vec::new());
        // A variant without fields is a path, and a value.
        let is_value = !is_place_of(scrutinee) || is_constructor(scrutinee);
        if !is_value && !place::is_simple_place(scrutinee) {
            let what = "a guard that suspends over a computed place";
            self.found.push(diagnostics::unsupported_around_suspension(scrutinee, what));
        }
        let is_part = is_value && is_field(scrutinee);
        let value = match is_value && !is_part {
            true => {
                let value = self.operand_by_value(scrutinee, &mut temporaries);
                let local = self.named(value, &mut temporaries);
                self.local(local, scrutinee.span())
            }
            false => self.operand(scrutinee, &mut temporaries),
        };
        let needs_no_drop = matches!(scrutinee, Syntax::Reference(_))
            || matching.arms.iter().any(|arm| pat::shows_number(&arm.pat));
        let pats = reached_in(matching);
        let takes_elements = pats.iter().any(|pat| takes_elements(pat));
        let keeps = match (is_value && !needs_no_drop, is_operand || takes_elements) {
            (false, _) => Keeps::Nothing,
            (true, _) if is_part => Keeps::AroundPart,
            (true, false) => Keeps::InArm,
            (true, true) => Keeps::AroundOperands,
        };
        let arms = matching.arms.iter().take(pats.len());
        let arms = arms.map(|arm| self.guarded_arm(arm, keeps)).collect();
        let kind = ExprKind::Guarded { scrutinee: value, arms };
        match temporaries.is_empty() {
            true => kind,
            false => {
                let value = Box::new(Expr { span: scrutinee.span(), kind });
                ExprKind::Operands { temporaries, value }
            }
        }
    }

    fn guarded_arm(&mut self, arm: &syn::Arm, keeps: Keeps) -> GuardedArm {
        let (pat, guard) = pat::split_guard(&arm.pat);
        if let Some(guard) = guard.as_ref().filter(|guard| holds_let(guard)) {
            let what = "`let` in a guard";
            self.found.push(diagnostics::unsupported_around_suspension(guard, what));
        }
        let pats = match guard.as_ref().is_some_and(is_outside) {
            true => cases(&pat),
            false => vec![pat],
        };
        if pats.len() > CASES_MAX {
            let what = "an or-pattern with so many cases";
            self.found.push(diagnostics::unsupported_around_suspension(&arm.pat, what));
        }
        let mut guard = guard;
        let cases = pats.into_iter().map(|pat| {
            let own = guard.clone();
            guard = guard.as_ref().map(|guard| self.fresh(guard));
            self.case(pat, own, keeps)
        });
        GuardedArm { cases: cases.collect(), body: self.expr(&arm.body) }
    }

    /// The parts of a value that nothing else owns must be bound, or kept.
    fn case(&mut self, pat: Pat, guard: Option<Syntax>, keeps: Keeps) -> Case {
        let guard = guard.map(|guard| match is_outside(&guard) && !holds_let(&guard) {
            true => self.suspending_guard(&guard, &pat),
            false => Guard::Code(guard),
        });
        let mut taking = pat.clone();
        let mut holder = None;
        let is_left = match keeps {
            Keeps::Nothing => false,
            Keeps::InArm => true,
            Keeps::AroundPart => destructure::binds_by_value(&pat),
            Keeps::AroundOperands => !bindings(&pat).is_empty() && !pat::leaves_nothing(&pat),
        };
        if is_left && keeps == Keeps::InArm && pat::can_bind_remainder(&pat) {
            self.bind_remainder(&mut taking);
        } else if is_left {
            holder = Some(self.temporary("rest", LocalKind::Temporary, pat.span()));
        }
        Case { pat, guard, taking, holder }
    }

    /// A guard that looks at the bindings through references.
    fn suspending_guard(&mut self, guard: &Syntax, pat: &Pat) -> Guard {
        let mut guard = guard.clone();
        let mut used = References { found: HashMap::new(), lowering: self };
        bindings(pat).into_iter().for_each(|binding| used.declare(binding));
        used.visit_expr_mut(&mut guard);
        let mut looks: Vec<Look> = used
            .found
            .into_values()
            .filter_map(|(look, is_used)| is_used.then_some(look))
            .collect();
        looks.sort_by_key(|look| look.binding);
        Guard::Suspends { condition: self.boxed(&guard), looks }
    }
}

/// Whether an expression is a field of something.
fn is_field(expr: &Syntax) -> bool {
    match expr {
        Syntax::Paren(paren) => is_field(&paren.expr),
        expr => matches!(expr, Syntax::Field(_)),
    }
}

/// Where the parts of a value are kept that an arm does not bind.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keeps {
    /// Nowhere: something else owns the value, or it needs no drop.
    Nothing,
    /// To the end of the arm.
    InArm,
    /// As long as the value that the matched one is a field of.
    AroundPart,
    /// As long as the temporaries around the operand that the match is, or as the value itself.
    AroundOperands,
}

/// Whether a guard is evaluated outside of the match: it suspends, or leaves the function.
fn is_outside(guard: &Syntax) -> bool {
    suspends(guard) || place::leaves(guard)
}

/// Replaces the bindings in a guard by what references to them point to.
struct References<'a> {
    found: HashMap<LocalId, (Look, bool)>,
    lowering: &'a mut Lowering,
}

impl References<'_> {
    fn declare(&mut self, binding: LocalId) {
        let span = self.lowering.body.locals[binding].name.span();
        let mut plain = |name: &str, is_copy: bool| {
            let local = self.lowering.temporary(name, LocalKind::Temporary, span);
            self.lowering.body.locals[local].is_plain = true;
            self.lowering.body.locals[local].is_copy = is_copy;
            local
        };
        let look = Look { binding, seen: plain("seen", false), reference: plain("look", true) };
        self.found.insert(binding, (look, false));
    }

    /// A use of the reference to a binding.
    fn look(&mut self, local: LocalId, span: proc_macro2::Span) -> Option<Syntax> {
        let (look, is_used) = self.found.get_mut(&local)?;
        *is_used = true;
        let reference = self.lowering.local(look.reference, span);
        Some(parse_quote_spanned!(span=> (*#reference)))
    }

    fn tokens(&mut self, tokens: TokenStream) -> TokenStream {
        let mut replaced = TokenStream::new();
        for tree in tokens {
            match tree {
                TokenTree::Group(group) => {
                    let mut inner = Group::new(group.delimiter(), self.tokens(group.stream()));
                    inner.set_span(group.span());
                    replaced.extend([TokenTree::Group(inner)]);
                }
                TokenTree::Ident(ident) => {
                    let local = LocalId::from_unique(&ident);
                    match local.and_then(|local| self.look(local, ident.span())) {
                        Some(look) => quote::ToTokens::to_tokens(&look, &mut replaced),
                        None => replaced.extend([TokenTree::Ident(ident)]),
                    }
                }
                tree => replaced.extend([tree]),
            }
        }
        replaced
    }
}

impl VisitMut for References<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Syntax) {
        let local = as_local(expr).filter(|_| matches!(expr, Syntax::Path(_)));
        if let Some(look) = local.and_then(|local| self.look(local, expr.span())) {
            *expr = look;
            return;
        }
        visit_mut::visit_expr_mut(self, expr);
    }

    fn visit_macro_mut(&mut self, mac: &mut syn::Macro) {
        if !macros::map_arguments(mac, |argument, _| self.visit_expr_mut(argument)) {
            mac.tokens = self.tokens(std::mem::take(&mut mac.tokens));
        }
    }
}

/// The patterns without alternatives that a pattern stands for, in rustc's order.
fn cases(pat: &Pat) -> Vec<Pat> {
    match pat {
        Pat::Or(or) => or.cases.iter().flat_map(cases).collect(),
        Pat::Paren(paren) => cases(&paren.pat),
        Pat::Ident(ident) => match &ident.subpat {
            Some((at, subpat)) => {
                let with = |subpat: Pat| {
                    let mut ident = ident.clone();
                    ident.subpat = Some((*at, Box::new(subpat)));
                    Pat::Ident(ident)
                };
                cases(subpat).into_iter().map(with).collect()
            }
            None => vec![pat.clone()],
        },
        Pat::Reference(reference) => {
            let with = |pat: Pat| {
                let mut reference = reference.clone();
                *reference.pat = pat;
                Pat::Reference(reference)
            };
            cases(&reference.pat).into_iter().map(with).collect()
        }
        Pat::Tuple(tuple) => products(&tuple.elems)
            .map(|elems| Pat::Tuple(syn::PatTuple { elems, ..tuple.clone() }))
            .collect(),
        Pat::TupleStruct(inner) => products(&inner.elems)
            .map(|elems| Pat::TupleStruct(syn::PatTupleStruct { elems, ..inner.clone() }))
            .collect(),
        Pat::Slice(slice) => products(&slice.elems)
            .map(|elems| Pat::Slice(syn::PatSlice { elems, ..slice.clone() }))
            .collect(),
        Pat::Struct(inner) => {
            let pats: Punctuated<Pat, syn::Token![,]> =
                inner.fields.iter().map(|field| (*field.pat).clone()).collect();
            let with = |pats: Punctuated<Pat, syn::Token![,]>| {
                let mut inner = inner.clone();
                for (field, pat) in inner.fields.iter_mut().zip(pats) {
                    *field.pat = pat;
                }
                Pat::Struct(inner)
            };
            products(&pats).map(with).collect()
        }
        pat => vec![pat.clone()],
    }
}

/// All combinations of the cases of several patterns, the first changing slowest.
fn products(
    pats: &Punctuated<Pat, syn::Token![,]>,
) -> impl Iterator<Item = Punctuated<Pat, syn::Token![,]>> {
    let mut products = vec![pats.clone()];
    for (index, pat) in pats.iter().enumerate() {
        let cases = cases(pat);
        if cases.len() == 1 && !matches!(pat, Pat::Paren(_)) {
            continue;
        }
        let with = |product: &Punctuated<Pat, syn::Token![,]>, case: &Pat| {
            let mut product = product.clone();
            product[index] = case.clone();
            product
        };
        products = products
            .iter()
            .flat_map(|product| cases.iter().map(|case| with(product, case)).collect::<Vec<_>>())
            .take(CASES_MAX + 1)
            .collect();
    }
    products.into_iter()
}
