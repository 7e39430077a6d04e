//! Assignments: which are compound, and what destructuring ones stand for.
//!
//! `a[i()] += f().await` has two orders of evaluation: for built-in numbers the right side is first,
//! for all other types the place is. Only rustc knows the types, so such an assignment is marked
//! with a number; the witness tells rustc the types of both sides, and the machine can do both.
//!
//! Destructuring assignments are spelled out by the Reference's equivalence:
//! `(a, b.c) = value` is `{ let (first, second) = value; a = first; b.c = second; }`.

use proc_macro2::Span;
use syn::punctuated::Punctuated;
use syn::{BinOp, Expr, ExprAssign, ExprBinary, Ident, Pat, parse_quote};

/// Whether an operator assigns to its left side.
pub fn is_compound(op: BinOp) -> bool {
    use BinOp::*;
    matches!(
        op,
        AddAssign(_)
            | SubAssign(_)
            | MulAssign(_)
            | DivAssign(_)
            | RemAssign(_)
            | BitXorAssign(_)
            | BitAndAssign(_)
            | BitOrAssign(_)
            | ShlAssign(_)
            | ShrAssign(_)
    )
}

/// Marks a compound assignment whose order of evaluation depends on types.
pub(super) fn mark_order(binary: &mut ExprBinary, number: usize) {
    let number = proc_macro2::Literal::usize_unsuffixed(number);
    binary.attrs.push(parse_quote!(#[order(#number)]));
}

/// The number of a marked assignment, without the mark.
pub fn take_order(binary: &mut ExprBinary) -> Option<usize> {
    let mark = binary.attrs.pop_if(|attribute| attribute.path().is_ident("order"))?;
    mark.parse_args::<syn::LitInt>().ok()?.base10_parse().ok()
}

/// The variable whose type tells which order a marked assignment has.
pub fn order_variable(number: usize) -> Ident {
    Ident::new(&format!("order_{number}"), Span::mixed_site())
}

/// The block that a destructuring assignment stands for; `None` if the left side is one place.
pub(super) fn spell_out(assign: &ExprAssign) -> Option<Expr> {
    let mut spelling = Spelling { assignments: Vec::new() };
    let pat = match &*assign.left {
        left @ (Expr::Tuple(_) | Expr::Array(_) | Expr::Struct(_) | Expr::Infer(_)) => {
            spelling.pattern(left)
        }
        left @ Expr::Call(call) if matches!(*call.func, Expr::Path(_)) => spelling.pattern(left),
        _ => return None,
    };
    let (value, assignments) = (&assign.right, spelling.assignments);
    Some(parse_quote!({ let #pat = #value; #(#assignments)* }))
}

struct Spelling {
    assignments: Vec<syn::Stmt>,
}

impl Spelling {
    /// The pattern for an assignee; its places are assigned to afterwards, in order.
    fn pattern(&mut self, assignee: &Expr) -> Pat {
        match assignee {
            Expr::Infer(_) => parse_quote!(_),
            Expr::Range(range) if range.start.is_none() && range.end.is_none() => parse_quote!(..),
            Expr::Paren(paren) => self.pattern(&paren.expr),
            Expr::Tuple(tuple) => {
                let parts = self.patterns(&tuple.elems);
                parse_quote!((#parts))
            }
            Expr::Array(array) => {
                let parts = self.patterns(&array.elems);
                parse_quote!([#parts])
            }
            Expr::Call(call) if matches!(*call.func, Expr::Path(_)) => {
                let (constructor, parts) = (&call.func, self.patterns(&call.args));
                parse_quote!(#constructor(#parts))
            }
            Expr::Struct(literal) => {
                let path = &literal.path;
                let members = literal.fields.iter().map(|field| field.member.clone());
                let members: Vec<_> = members.collect();
                let parts: Vec<Pat> =
                    literal.fields.iter().map(|field| self.pattern(&field.expr)).collect();
                let rest = literal.dot2_token;
                parse_quote!(#path { #(#members: #parts,)* #rest })
            }
            place => {
                let name = format!("assigned_{}", self.assignments.len());
                let name = Ident::new(&name, Span::mixed_site());
                // What is no place is not always one assignment as tokens.
                let mut assignment: syn::ExprAssign = parse_quote!(_ = #name);
                *assignment.left = place.clone();
                let end = Some(Default::default());
                self.assignments.push(syn::Stmt::Expr(Expr::Assign(assignment), end));
                parse_quote!(#name)
            }
        }
    }

    fn patterns(
        &mut self,
        elems: &Punctuated<Expr, syn::Token![,]>,
    ) -> Punctuated<Pat, syn::Token![,]> {
        let mut parts: Punctuated<Pat, syn::Token![,]> =
            elems.iter().map(|elem| self.pattern(elem)).collect();
        if elems.trailing_punct() {
            parts.push_punct(Default::default());
        }
        parts
    }
}
