//! What the syntax tells about a pattern.

use syn::{Pat, Path};

use super::super::{LocalId, LocalKind};
use super::Lowering;

/// Whether a constructor is one of the standard library's that only holds its parts.
fn is_transparent(path: &Path) -> bool {
    path.segments.last().is_some_and(|segment| {
        ["Some", "Ok", "Err", "None", "Ready", "Pending"].iter().any(|name| segment.ident == name)
    })
}

/// Whether a pattern shows that what it matches is a number, `bool` or `char`.
pub(super) fn shows_number(pat: &Pat) -> bool {
    match pat {
        Pat::Lit(literal) => {
            !matches!(literal.lit, syn::Lit::Str(_) | syn::Lit::ByteStr(_) | syn::Lit::CStr(_))
        }
        Pat::Range(_) => true,
        Pat::Ident(ident) => ident.subpat.as_ref().is_some_and(|(_, pat)| shows_number(pat)),
        Pat::Or(or) => or.cases.iter().any(shows_number),
        Pat::Guard(guarded) => shows_number(&guarded.pat),
        Pat::Paren(paren) => shows_number(&paren.pat),
        _ => false,
    }
}

/// Whether a pattern leaves nothing in the value that could be dropped.
pub(super) fn leaves_nothing(pat: &Pat) -> bool {
    match pat {
        Pat::Guard(guarded) => leaves_nothing(&guarded.pat),
        Pat::Paren(paren) => leaves_nothing(&paren.pat),
        Pat::Type(typed) => leaves_nothing(&typed.pat),
        Pat::Lit(_) | Pat::Range(_) | Pat::Reference(_) => true,
        Pat::Path(path) => is_transparent(&path.path),
        Pat::Ident(ident) if LocalId::from_unique(&ident.ident).is_none() => ident.ident == "None",
        Pat::Ident(ident) => ident.by_ref.is_none(),
        Pat::Or(or) => or.cases.iter().all(leaves_nothing),
        Pat::Tuple(tuple) => tuple.elems.iter().all(leaves_nothing),
        Pat::Slice(slice) => slice.elems.iter().all(leaves_nothing),
        Pat::TupleStruct(inner) => {
            (is_transparent(&inner.path) || binds(pat)) && inner.elems.iter().all(leaves_nothing)
        }
        Pat::Struct(inner) => {
            inner.rest.is_none()
                && binds(pat)
                && inner.fields.iter().all(|field| leaves_nothing(&field.pat))
        }
        _ => false,
    }
}

/// Whether hidden locals can be bound to what a pattern leaves in the value.
pub(super) fn can_bind_remainder(pat: &Pat) -> bool {
    match pat {
        Pat::Guard(guarded) => can_bind_remainder(&guarded.pat),
        Pat::Lit(_) | Pat::Range(_) | Pat::Const(_) | Pat::Reference(_) => true,
        Pat::Path(_) => true,
        Pat::Ident(ident) if LocalId::from_unique(&ident.ident).is_none() => true,
        Pat::Ident(ident) => ident.by_ref.is_none() && ident.subpat.is_none(),
        Pat::Paren(paren) => can_bind_remainder(&paren.pat),
        Pat::Type(typed) => can_bind_remainder(&typed.pat),
        pat if !binds(pat) => true,
        Pat::Tuple(tuple) => !has_rest(&tuple.elems) && tuple.elems.iter().all(can_bind_remainder),
        Pat::TupleStruct(inner) => {
            !has_rest(&inner.elems) && inner.elems.iter().all(can_bind_remainder)
        }
        Pat::Struct(inner) => {
            let rests = inner.fields.iter().filter(|field| leaves_rest(&field.pat)).count();
            inner.rest.is_none()
                && rests <= 1
                && inner.fields.iter().all(|field| can_bind_remainder(&field.pat))
        }
        _ => false,
    }
}

/// Whether a part of what a pattern matches may be left. The order in which the fields of a struct
/// are dropped is not that of a pattern.
fn leaves_rest(pat: &Pat) -> bool {
    match pat {
        Pat::Tuple(tuple) => tuple.elems.iter().any(leaves_rest),
        Pat::TupleStruct(inner) => inner.elems.iter().any(leaves_rest),
        Pat::Struct(inner) => inner.fields.iter().any(|field| leaves_rest(&field.pat)),
        Pat::Lit(_) | Pat::Range(_) | Pat::Const(_) | Pat::Reference(_) => false,
        pat => !binds(pat),
    }
}

fn binds(pat: &Pat) -> bool {
    !super::super::bindings(pat).is_empty()
}

impl Lowering {
    /// Rewrites the pattern of an arm that suspends, over a value that lives as long as the arm,
    /// if [`can_bind_remainder`]: what the pattern leaves in the value is bound to hidden locals, which are dropped where
    /// rustc would drop the rest of the value.
    pub(super) fn bind_remainder(&mut self, pat: &mut Pat) {
        match pat {
            Pat::Guard(guarded) => self.bind_remainder(&mut guarded.pat),
            Pat::Lit(_) | Pat::Range(_) | Pat::Const(_) => {}
            Pat::Path(path) if is_transparent(&path.path) => {}
            Pat::Ident(ident) if LocalId::from_unique(&ident.ident).is_none() => {
                if ident.ident != "None" {
                    self.bind_whole(pat);
                }
            }
            Pat::Ident(_) => {}
            Pat::Paren(paren) => self.bind_remainder(&mut paren.pat),
            Pat::Type(typed) => self.bind_remainder(&mut typed.pat),
            Pat::Reference(_) => {}
            Pat::Tuple(tuple) if tuple.elems.is_empty() => {}
            Pat::Tuple(tuple) if !has_rest(&tuple.elems) => {
                tuple.elems.iter_mut().for_each(|pat| self.bind_remainder(pat));
            }
            Pat::TupleStruct(inner)
                if !has_rest(&inner.elems)
                    && (is_transparent(&inner.path) || inner.elems.iter().any(binds)) =>
            {
                inner.elems.iter_mut().for_each(|pat| self.bind_remainder(pat));
            }
            Pat::Struct(inner)
                if inner.rest.is_none() && inner.fields.iter().any(|f| binds(&f.pat)) =>
            {
                inner.fields.iter_mut().for_each(|field| self.bind_remainder(&mut field.pat));
            }
            pat if binds(pat) => debug_assert!(false, "`can_bind_remainder` is asked first"),
            _ => self.bind_whole(pat),
        }
    }

    /// Binds the whole value that a pattern without bindings matches.
    fn bind_whole(&mut self, pat: &mut Pat) {
        use syn::spanned::Spanned;
        let local = self.temporary("rest", LocalKind::Temporary, pat.span());
        let whole = self.binding(local, pat.span());
        let matched = std::mem::replace(pat, whole);
        if let (Pat::Ident(whole), false) = (pat, matches!(matched, Pat::Wild(_))) {
            let matched = match matched {
                Pat::Or(_) => syn::parse_quote!((#matched)),
                matched => matched,
            };
            whole.subpat = Some((Default::default(), Box::new(matched)));
        }
    }
}

fn has_rest(pats: &syn::punctuated::Punctuated<Pat, syn::Token![,]>) -> bool {
    pats.iter().any(|pat| matches!(pat, Pat::Rest(_)))
}

/// Splits `pattern if condition`.
pub fn split_guard(pat: &Pat) -> (Pat, Option<syn::Expr>) {
    match pat {
        Pat::Guard(guarded) => ((*guarded.pat).clone(), Some((*guarded.guard).clone())),
        pat => (pat.clone(), None),
    }
}
