//! What patterns take out of a variable that they are matched against.
//!
//! A variable in the frame is behind a pointer, so rustc cannot move a part of it. If each pattern
//! takes either all of the variable or nothing, this is not needed: its value is read, a pattern
//! that binds nothing forgets the copy, and one that binds everything leaves nothing behind. In
//! all other cases, if it is the last use, `transform::unspill` gives rustc a variable to take apart,
//! or a holder; if not, the variable is matched as a place, of which rustc accepts to take parts
//! that are `Copy`.

use syn::visit::{self, Visit};
use syn::{Expr, ExprIf, ExprMatch, Pat, PatIdent};

use super::uses;
use super::{Local, LocalId, LocalKind, as_local, bindings, scrutinee_mark};
use crate::index::IndexVec;

/// What a pattern takes out of the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Nothing: it binds nothing.
    Nothing,
    /// Everything.
    All,
    /// A part, or perhaps only a look.
    Part,
}

/// What a pattern takes.
pub fn takes(pat: &Pat) -> Takes {
    if bindings(pat).is_empty() {
        return Takes::Nothing;
    }
    match takes_all(pat) {
        true => Takes::All,
        false => Takes::Part,
    }
}

/// Whether patterns may take a part of a variable and leave the rest, by value.
#[allow(single_use_lifetimes, reason = "an item of an iterator cannot have an elided lifetime")]
pub fn leaves_rest<'p>(pats: impl Iterator<Item = &'p Pat>) -> bool {
    let pats: Vec<&Pat> = pats.collect();
    pats.iter().any(|pat| takes(pat) == Takes::Part) && pats.iter().any(|pat| binds_by_value(pat))
}

/// Whether patterns may take something out of a part of a variable, by value.
#[allow(single_use_lifetimes, reason = "an item of an iterator cannot have an elided lifetime")]
pub fn takes_out_of<'p>(place: &Expr, pats: impl Iterator<Item = &'p Pat>) -> bool {
    match as_local(place) {
        Some(_) => leaves_rest(pats),
        None => pats.into_iter().any(binds_by_value),
    }
}

/// Whether the pattern of a `let` without `else` takes all of a part of a variable.
pub fn takes_part(pat: &Pat, value: &Expr) -> bool {
    uses::part_of(value).is_some() && takes(pat) == Takes::All
}

fn takes_all(pat: &Pat) -> bool {
    match pat {
        Pat::Ident(ident) if LocalId::from_unique(&ident.ident).is_some() => {
            ident.by_ref.is_none() && ident.subpat.is_none()
        }
        Pat::Ident(ident) => ident.ident == "None",
        Pat::Guard(guarded) => takes_all(&guarded.pat),
        Pat::Paren(paren) => takes_all(&paren.pat),
        Pat::Type(typed) => takes_all(&typed.pat),
        Pat::Or(or) => or.cases.iter().all(takes_all),
        Pat::Tuple(tuple) => tuple.elems.iter().all(takes_all),
        Pat::Slice(slice) => slice.elems.iter().all(takes_all),
        Pat::TupleStruct(inner) => inner.elems.iter().all(takes_all),
        Pat::Struct(inner) => {
            inner.rest.is_none() && inner.fields.iter().all(|field| takes_all(&field.pat))
        }
        Pat::Lit(_) | Pat::Range(_) | Pat::Reference(_) => true,
        _ => false,
    }
}

/// Whether a pattern has a `ref` binding.
pub fn binds_by_reference(pat: &Pat) -> bool {
    struct FindRef(bool);
    impl<'ast> Visit<'ast> for FindRef {
        fn visit_pat_ident(&mut self, pat: &'ast PatIdent) {
            self.0 |= pat.by_ref.is_some();
            visit::visit_pat_ident(self, pat);
        }
        fn visit_expr(&mut self, _: &'ast Expr) {}
    }
    let mut find = FindRef(false);
    find.visit_pat(pat);
    find.0
}

/// Whether a pattern has a `ref mut` binding.
pub fn binds_by_mutable_reference(pat: &Pat) -> bool {
    struct FindMut(bool);
    impl<'ast> Visit<'ast> for FindMut {
        fn visit_pat_ident(&mut self, pat: &'ast PatIdent) {
            self.0 |= pat.by_ref.is_some() && pat.mutability.is_some();
            visit::visit_pat_ident(self, pat);
        }
        fn visit_expr(&mut self, _: &'ast Expr) {}
    }
    let mut find = FindMut(false);
    find.visit_pat(pat);
    find.0
}

/// Whether a pattern has a binding by value, as far as the pattern itself shows it.
pub fn binds_by_value(pat: &Pat) -> bool {
    struct FindValue(bool);
    impl<'ast> Visit<'ast> for FindValue {
        fn visit_pat_ident(&mut self, pat: &'ast PatIdent) {
            self.0 |= pat.by_ref.is_none() && LocalId::from_unique(&pat.ident).is_some();
            visit::visit_pat_ident(self, pat);
        }
        fn visit_expr(&mut self, _: &'ast Expr) {}
    }
    let mut find = FindValue(false);
    find.visit_pat(pat);
    find.0
}

/// Whether a pattern may take elements out of an array: if control may have come from where it did, rustc
/// drops what is left of the array in another order.
pub fn takes_elements(pat: &Pat) -> bool {
    struct FindSlice(bool);
    impl<'ast> Visit<'ast> for FindSlice {
        fn visit_pat_slice(&mut self, slice: &'ast syn::PatSlice) {
            self.0 |= slice.elems.iter().any(binds_by_value);
        }
        fn visit_expr(&mut self, _: &'ast Expr) {}
    }
    let mut find = FindSlice(false);
    find.visit_pat(pat);
    find.0
}

/// A pattern that takes the elements of arrays in a tuple which another takes, of what a pattern has left there.
pub fn elements_beside(taken: &Pat, other: &Pat) -> Option<Pat> {
    match (taken, other) {
        (Pat::Paren(paren), other) => elements_beside(&paren.pat, other),
        (taken, Pat::Paren(paren)) => elements_beside(taken, &paren.pat),
        (Pat::Wild(_), Pat::Slice(slice)) => {
            takes_elements(other).then(|| Pat::Slice(slice.clone()))
        }
        (Pat::Wild(_), Pat::Tuple(tuple)) => in_tuple(tuple, |_, pat| elements_beside(taken, pat)),
        (Pat::Tuple(own), Pat::Tuple(tuple)) if own.elems.len() == tuple.elems.len() => {
            in_tuple(tuple, |number, pat| elements_beside(&own.elems[number], pat))
        }
        _ => None,
    }
}

/// A pattern for a tuple, of patterns for some of its parts.
fn in_tuple(tuple: &syn::PatTuple, part: impl Fn(usize, &Pat) -> Option<Pat>) -> Option<Pat> {
    let has_rest = tuple.elems.iter().any(|pat| matches!(pat, Pat::Rest(_)));
    let parts: Vec<Option<Pat>> =
        tuple.elems.iter().enumerate().map(|(number, pat)| part(number, pat)).collect();
    if has_rest || parts.iter().all(Option::is_none) {
        return None;
    }
    let elems = parts.into_iter().map(|part| part.unwrap_or_else(|| syn::parse_quote!(_)));
    Some(Pat::Tuple(syn::PatTuple { elems: elems.collect(), ..tuple.clone() }))
}

/// The patterns of arms, each with whether it has a guard, up to one that matches everything.
#[allow(single_use_lifetimes, reason = "an item of an iterator cannot have an elided lifetime")]
pub fn reached<'p>(arms: impl Iterator<Item = (&'p Pat, bool)>) -> Vec<&'p Pat> {
    let mut is_reached = true;
    let arms = arms.take_while(|(pat, is_guarded)| {
        let was_reached = is_reached;
        is_reached = *is_guarded || !matches_all(pat);
        was_reached
    });
    arms.map(|(pat, _)| pat).collect()
}

/// The patterns of a match's arms, up to one that matches everything.
pub fn reached_in(matching: &ExprMatch) -> Vec<&Pat> {
    reached(matching.arms.iter().map(|arm| (&arm.pat, matches!(arm.pat, Pat::Guard(_)))))
}

/// Whether a pattern matches everything, as its form shows.
fn matches_all(pat: &Pat) -> bool {
    match pat {
        Pat::Wild(_) | Pat::Rest(_) => true,
        Pat::Ident(ident) => {
            LocalId::from_unique(&ident.ident).is_some()
                && ident.subpat.as_ref().is_none_or(|(_, pat)| matches_all(pat))
        }
        Pat::Paren(paren) => matches_all(&paren.pat),
        Pat::Or(or) => or.cases.iter().any(matches_all),
        Pat::Tuple(tuple) => tuple.elems.iter().all(matches_all),
        _ => false,
    }
}

/// Whether a path ends as a variant of `Option` or `Result` does.
pub fn is_known_variant(path: &syn::Path) -> bool {
    let known = ["Some", "None", "Ok", "Err"];
    path.segments.last().is_some_and(|last| known.iter().any(|name| last.ident == name))
}

/// Whether a pattern takes a type apart that might implement `Drop`: another than a tuple, `Option`
/// or `Result`.
pub fn is_opaque(pat: &Pat) -> bool {
    match pat {
        Pat::Guard(guarded) => is_opaque(&guarded.pat),
        Pat::Paren(paren) => is_opaque(&paren.pat),
        Pat::Type(typed) => is_opaque(&typed.pat),
        Pat::Or(or) => or.cases.iter().any(is_opaque),
        Pat::Tuple(tuple) => tuple.elems.iter().any(is_opaque),
        Pat::Slice(slice) => slice.elems.iter().any(is_opaque),
        Pat::TupleStruct(inner) => {
            !is_known_variant(&inner.path) || inner.elems.iter().any(is_opaque)
        }
        Pat::Struct(_) => true,
        _ => false,
    }
}

/// The variable that a match takes apart, if each of its patterns takes all of it or nothing.
#[allow(single_use_lifetimes, reason = "an item of an iterator cannot have an elided lifetime")]
pub fn taken_by<'p>(
    locals: Option<&IndexVec<LocalId, Local>>,
    scrutinee: &Expr,
    pats: impl Iterator<Item = &'p Pat>,
) -> Option<LocalId> {
    let local = as_local(scrutinee)?;
    if locals.is_some_and(|locals| locals[local].kind == LocalKind::Temporary) {
        return None;
    }
    let takes: Vec<Takes> = pats.map(takes).collect();
    (takes.contains(&Takes::All) && !takes.contains(&Takes::Part)).then_some(local)
}

/// Whether each of some patterns takes all of a value or nothing, and one takes all.
#[allow(single_use_lifetimes, reason = "an item of an iterator cannot have an elided lifetime")]
pub fn takes_all_or_nothing<'p>(pats: impl Iterator<Item = &'p Pat>) -> bool {
    let pats: Vec<&Pat> = pats.collect();
    pats.iter().all(|pat| !matches!(pat, Pat::Guard(_)) && takes(pat) != Takes::Part)
        && pats.iter().any(|pat| takes(pat) == Takes::All)
}

/// Whether a guard may jump out of a match, which then must not have taken the value.
pub fn jumps_away(guard: Option<&Expr>) -> bool {
    guard.is_some_and(super::lower::jumps_away)
}

/// `if let pattern = variable` as a match, if it takes the variable apart.
pub fn as_match(branch: &ExprIf) -> Option<ExprMatch> {
    let Expr::Let(condition) = &*branch.cond else { return None };
    let taken = taken_by(None, &condition.expr, std::iter::once(&*condition.pat));
    if taken.is_none() && scrutinee_mark(&condition.expr).is_none() {
        return None;
    }
    let (pat, then) = (&condition.pat, &branch.then_branch);
    let otherwise = branch.else_branch.as_ref().map(|(_, otherwise)| otherwise);
    let matching: ExprMatch = syn::parse_quote!(match () { #pat => #then, _ => { #otherwise } });
    Some(ExprMatch { expr: condition.expr.clone(), ..matching })
}

/// Whether a pattern only gives a name to a value.
pub fn is_binding(pat: &Pat) -> bool {
    match pat {
        Pat::Ident(ident) => {
            ident.by_ref.is_none()
                && ident.subpat.is_none()
                && LocalId::from_unique(&ident.ident).is_some()
        }
        Pat::Type(typed) => is_binding(&typed.pat),
        Pat::Paren(paren) => is_binding(&paren.pat),
        _ => false,
    }
}

/// `match place { name => .. }` with the value of the place, which the first arm takes: of a part of a
/// variable, or of a variable that other arms would only take parts of.
pub fn as_match_of_value(matching: &ExprMatch) -> Option<ExprMatch> {
    let first = matching.arms.first().filter(|first| is_binding(&first.pat))?;
    let takes_part = || matching.arms.iter().any(|arm| takes(&arm.pat) == Takes::Part);
    let is_part = uses::part_of(&matching.expr).is_some();
    let is_variable = as_local(&matching.expr).is_some() && takes_part();
    if !is_part && !is_variable {
        return None;
    }
    debug_assert!(takes(&first.pat) == Takes::All);
    let place = &matching.expr;
    let value = syn::parse_quote!({ #place });
    Some(ExprMatch { expr: Box::new(value), ..matching.clone() })
}

/// `let pattern = variable else { .. }` without its `else`, if it takes the variable, or all that it is
/// made of.
pub fn as_let(local: &syn::Local) -> Option<syn::Local> {
    let init = local.init.as_ref()?;
    if init.diverge.is_none() && scrutinee_mark(&init.expr).is_some() {
        let (pat, value) = as_tuple(&local.pat, &init.expr);
        let init = syn::LocalInit { expr: Box::new(value), ..init.clone() };
        return Some(syn::Local { pat, init: Some(init), ..local.clone() });
    }
    let (_, otherwise) = init.diverge.as_ref()?;
    let mut plain = local.clone();
    let given = plain.init.as_mut()?;
    given.diverge = None;
    if is_binding(&local.pat) {
        return Some(plain);
    }
    let taken = taken_by(None, &init.expr, std::iter::once(&local.pat));
    if taken.is_none() && scrutinee_mark(&init.expr).is_none() {
        return None;
    }
    let pat = match &local.pat {
        Pat::Type(typed) => &*typed.pat,
        pat => pat,
    };
    let (outer, names) = (outer_bindings(pat), names_of(pat));
    let matching: ExprMatch =
        syn::parse_quote!(match () { #pat => (#(#names,)*), _ => #otherwise });
    *given.expr = Expr::Match(ExprMatch { expr: init.expr.clone(), ..matching });
    plain.pat = syn::parse_quote!((#(#outer,)*));
    Some(plain)
}

/// `let pattern = place` as a `let` of what a match of the place gives: a tuple of all that is bound.
pub fn as_tuple(pat: &Pat, place: &Expr) -> (Pat, Expr) {
    let (outer, names) = (outer_bindings(pat), names_of(pat));
    let mut matching: ExprMatch = syn::parse_quote!(match () { #pat => (#(#names,)*) });
    *matching.expr = place.clone();
    (syn::parse_quote!((#(#outer,)*)), Expr::Match(matching))
}

/// The bindings of a pattern, each a pattern of its own.
pub fn outer_bindings(pat: &Pat) -> Vec<PatIdent> {
    struct Collect(Vec<PatIdent>);
    impl<'ast> Visit<'ast> for Collect {
        fn visit_pat_ident(&mut self, pat: &'ast PatIdent) {
            let is_known = self.0.iter().any(|known| known.ident == pat.ident);
            if LocalId::from_unique(&pat.ident).is_some() && !is_known {
                let mutability = pat.mutability.filter(|_| pat.by_ref.is_none());
                self.0.push(PatIdent { by_ref: None, mutability, subpat: None, ..pat.clone() });
            }
            visit::visit_pat_ident(self, pat);
        }
        fn visit_expr(&mut self, _: &'ast Expr) {}
    }
    let mut collect = Collect(Vec::new());
    collect.visit_pat(pat);
    collect.0
}

fn names_of(pat: &Pat) -> Vec<syn::Ident> {
    outer_bindings(pat).into_iter().map(|binding| binding.ident).collect()
}
