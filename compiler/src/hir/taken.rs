//! What the pattern of a marked match takes: its bindings by value, and where in the value they lie.

use syn::visit::{self, Visit};
use syn::{Expr, FieldPat, Member, Pat, PatIdent, UnOp, parse_quote};

use super::{LocalId, destructure};

/// The bindings by value of a pattern, in order.
pub fn taken_bindings(pat: &Pat) -> Vec<LocalId> {
    struct Collect(Vec<LocalId>);
    impl<'ast> Visit<'ast> for Collect {
        fn visit_pat_ident(&mut self, pat: &'ast PatIdent) {
            let local = LocalId::from_unique(&pat.ident).filter(|_| pat.by_ref.is_none());
            self.0.extend(local.filter(|local| !self.0.contains(local)));
            visit::visit_pat_ident(self, pat);
        }
        fn visit_expr(&mut self, _: &'ast Expr) {}
    }
    let mut collect = Collect(Vec::new());
    collect.visit_pat(pat);
    collect.0
}

/// A pattern with nothing more in it than leads to its bindings by value. It finds them again, whatever
/// became of the rest of the value.
pub fn only_taken(pat: &Pat) -> Pat {
    if taken_bindings(pat).is_empty() {
        return parse_quote!(_);
    }
    let mut pat = pat.clone();
    match &mut pat {
        Pat::Guard(guarded) => return only_taken(&guarded.pat),
        Pat::Type(typed) => return only_taken(&typed.pat),
        Pat::Paren(paren) => *paren.pat = only_taken(&paren.pat),
        Pat::Ident(ident) if ident.by_ref.is_none() => ident.subpat = None,
        Pat::Ident(ident) => {
            return ident.subpat.as_ref().map_or(parse_quote!(_), |(_, pat)| only_taken(pat));
        }
        Pat::Reference(reference) => *reference.pat = only_taken(&reference.pat),
        Pat::Or(or) => or.cases.iter_mut().for_each(|case| *case = only_taken(case)),
        Pat::Tuple(tuple) => tuple.elems.iter_mut().for_each(only_taken_element),
        Pat::TupleStruct(inner) => inner.elems.iter_mut().for_each(only_taken_element),
        Pat::Slice(slice) => slice.elems.iter_mut().for_each(only_taken_element),
        Pat::Struct(inner) => {
            for field in &mut inner.fields {
                let name = &field.member;
                let taken = only_taken(&field.pat);
                *field = FieldPat {
                    attrs: Vec::new(),
                    member: name.clone(),
                    colon_token: Some(field.colon_token.unwrap_or_default()),
                    pat: Box::new(taken),
                };
            }
        }
        _ => {}
    }
    pat
}

/// An element of a sequence of patterns, of which those that stand for several stay.
fn only_taken_element(element: &mut Pat) {
    let is_rest = match element {
        Pat::Rest(_) => true,
        Pat::Ident(ident) => {
            matches!(&ident.subpat, Some((_, pat)) if matches!(**pat, Pat::Rest(_)))
        }
        _ => false,
    };
    match element {
        Pat::Ident(ident) if is_rest && ident.by_ref.is_some() => *element = parse_quote!(..),
        _ if is_rest => {}
        element => *element = only_taken(element),
    }
}

/// One step from a place to a place in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// To a field.
    Field(Member),
    /// To what it points to.
    Target,
}

/// The way from a place to one in it, or to itself.
pub fn steps_to(place: &Expr, is_outer: &dyn Fn(&Expr) -> bool) -> Option<Vec<Step>> {
    if is_outer(place) {
        return Some(Vec::new());
    }
    let (base, step) = match place {
        Expr::Paren(paren) => return steps_to(&paren.expr, is_outer),
        Expr::Field(field) => (&field.base, Step::Field(field.member.clone())),
        Expr::Unary(unary) if matches!(unary.op, UnOp::Deref(_)) => (&unary.expr, Step::Target),
        _ => return None,
    };
    let mut steps = steps_to(base, is_outer)?;
    steps.push(step);
    Some(steps)
}

/// What a pattern takes of a place in the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Touch {
    /// Nothing.
    Nothing,
    /// All of it, and nothing around it.
    Exactly,
    /// Something that it is in.
    Around,
    /// Something in it.
    Inside,
    /// The syntax does not tell.
    Unknown,
}

/// What a pattern takes by value of the place to which `steps` lead.
pub fn touch(pat: &Pat, steps: &[Step]) -> Touch {
    if taken_bindings(pat).is_empty() {
        return Touch::Nothing;
    }
    match pat {
        Pat::Guard(guarded) => return touch(&guarded.pat, steps),
        Pat::Paren(paren) => return touch(&paren.pat, steps),
        Pat::Type(typed) => return touch(&typed.pat, steps),
        Pat::Or(or) => {
            let mut touches = or.cases.iter().map(|case| touch(case, steps));
            let first = touches.next().unwrap_or(Touch::Nothing);
            return if touches.all(|other| other == first) { first } else { Touch::Unknown };
        }
        _ => {}
    }
    let Some((step, rest)) = steps.split_first() else {
        return if destructure::is_binding(pat) { Touch::Exactly } else { Touch::Inside };
    };
    match (pat, step) {
        (Pat::Ident(ident), _) if ident.by_ref.is_none() => Touch::Around,
        (Pat::Struct(inner), Step::Field(member)) => {
            let field = inner.fields.iter().find(|field| field.member == *member);
            field.map_or(Touch::Nothing, |field| touch(&field.pat, rest))
        }
        (Pat::Tuple(tuple), Step::Field(Member::Unnamed(index))) => {
            element(&tuple.elems, index.index, rest)
        }
        (Pat::TupleStruct(inner), Step::Field(Member::Unnamed(index))) => {
            element(&inner.elems, index.index, rest)
        }
        _ => Touch::Unknown,
    }
}

/// What an element of a list of patterns takes; behind `..` its number is not known.
fn element(
    elems: &syn::punctuated::Punctuated<Pat, syn::Token![,]>,
    index: u32,
    rest: &[Step],
) -> Touch {
    let index = usize::try_from(index).unwrap_or(usize::MAX);
    let gap = elems.iter().position(|elem| matches!(elem, Pat::Rest(_))).unwrap_or(elems.len());
    match elems.get(index) {
        Some(pat) if index < gap => touch(pat, rest),
        _ if elems.iter().skip(gap).all(|pat| taken_bindings(pat).is_empty()) => Touch::Nothing,
        _ => Touch::Unknown,
    }
}
