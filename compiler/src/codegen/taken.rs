//! Matches that may take a local or a part of it apart, which stays where it is.
//!
//! rustc moves nothing out of a place behind a pointer. So the arm is found first: control leaves each arm
//! in its guard, with copies of what the pattern binds. Then those are the values of the bindings, and the
//! mark of the match says which arm has taken them.
//!
//! ```text
//! match ({
//!     let mut seen1 = MaybeUninit::uninit();
//!     let selected = 'select: {
//!         match *x { A(y) if { seen1.write(read(&raw const y)); break 'select 0 } => .., _ => {} }
//!         1
//!     };
//!     (selected, seen1)
//! }) {
//!     (0, seen1) => { mark = 1; match (seen1.assume_init(),) { (y,) => .. } }
//!     _ => unreachable!(),
//! }
//! ```

use proc_macro2::{Ident, TokenStream};
use syn::parse::Parser;
use syn::{Expr, ExprMatch, Pat, Stmt, parse_quote};

use super::code::{no_drop, verbatim};
use super::machine::Machine;
use super::parts::{inner, mark_of};
use super::private;
use crate::hir::destructure::{self, Takes, outer_bindings};
use crate::hir::{LocalId, bindings, only_taken, scrutinee_mark, taken_bindings};
use crate::index::Id;
use crate::mir::Arm;

/// What a match takes apart.
struct Scrutinee<'a> {
    /// What must be told of it before.
    parts: TokenStream,
    place: TokenStream,
    /// What is done first in an arm, which has a number and a pattern: it has taken what that binds.
    taken: &'a dyn Fn(usize, &Pat) -> TokenStream,
}

/// A match of which the arm is found first: what it is a match of, and its arms.
struct Taken {
    value: TokenStream,
    arms: Vec<TakenArm>,
}

/// An arm of such a match.
struct TakenArm {
    /// The pattern that chooses it.
    chosen: TokenStream,
    /// What is done first.
    mark: TokenStream,
    /// The values of the bindings, as a tuple.
    values: TokenStream,
    /// The bindings.
    bound: Vec<Pat>,
}

impl Machine<'_> {
    /// Rewrites a match in user code that takes a part of a local of the frame.
    pub(super) fn take_part_apart(&self, matching: &mut ExprMatch) -> bool {
        let Some((parts, place, mark)) = self.taken_place(&matching.expr) else { return false };
        let scrutinee =
            Scrutinee { parts, place, taken: &|number, pat| marked(&mark, number, pat) };
        self.choose_first(matching, &scrutinee);
        true
    }

    /// Rewrites a match with guards in user code that takes all of a local of the frame, or nothing: it has
    /// its value until an arm is chosen.
    pub(super) fn take_after_guards(&self, matching: &mut ExprMatch, local: LocalId) {
        let (pointer, flag) = (self.pointer(local), self.names.live(local).clear());
        let taken = |_: usize, pat: &Pat| {
            let check = destructure::is_opaque(pat).then(|| no_drop(&pointer));
            match destructure::takes(pat) {
                Takes::Nothing => TokenStream::new(),
                _ => emit!(#check #flag),
            }
        };
        let place = self.place_of(&matching.expr, local);
        let scrutinee = Scrutinee { parts: TokenStream::new(), place, taken: &taken };
        self.choose_first(matching, &scrutinee);
    }

    /// Rewrites a match in user code as one of the number of its arm.
    fn choose_first(&self, matching: &mut ExprMatch, scrutinee: &Scrutinee<'_>) {
        let arms = matching.arms.iter().map(|arm| match &arm.pat {
            Pat::Guard(guarded) => ((*guarded.pat).clone(), Some(self.value(&guarded.guard))),
            pat => (pat.clone(), None),
        });
        let arms: Vec<_> = arms.collect();
        let taken = self.taken_arms(scrutinee, &arms);
        *matching.expr = verbatim(taken.value);
        for (arm, taken) in matching.arms.iter_mut().zip(taken.arms) {
            let pattern = Pat::parse_multi.parse2(taken.chosen).expect("it is a pattern");
            arm.pat = pattern;
            if taken.bound.is_empty() {
                continue;
            }
            let (mark, bound) = (verbatim(taken.mark), taken.bound);
            let mut inner: ExprMatch = parse_quote!(match () { (#(#bound,)*) => {} });
            *inner.expr = verbatim(taken.values);
            std::mem::swap(&mut inner.arms[0].body, &mut arm.body);
            let stmts = vec![Stmt::Expr(mark, None), Stmt::Expr(Expr::Match(inner), None)];
            *arm.body = Expr::Block(syn::ExprBlock {
                attrs: Vec::new(),
                label: None,
                block: syn::Block { brace_token: Default::default(), stmts },
            });
        }
        matching.arms.push(parse_quote!(_ => ::core::unreachable!(),));
    }

    /// Rewrites a `let` in a chain of conditions that takes a part of a local of the frame.
    pub(super) fn take_by_test(&self, test: &mut syn::ExprLet) -> bool {
        let Some((parts, place, mark)) = self.taken_place(&test.expr) else { return false };
        let private = private();
        let pattern = self.pattern(&test.pat);
        let bound = bindings(&test.pat);
        let names = bound.iter().map(|local| self.bound_variable(*local));
        *test.expr = verbatim(emit! {
            ({
                #parts
                'select: {
                    match #place {
                        #pattern if {
                            let taken = (#(#private::read(&raw const #names),)*);
                            #private::Mark::set_taken(#mark, 1);
                            break 'select #private::Option::Some(taken)
                        } => ::core::unreachable!(),
                        _ => {}
                    }
                    #private::Option::None
                }
            })
        });
        let outer = outer_bindings(&test.pat);
        *test.pat = parse_quote!(#private::Option::Some((#(#outer,)*)));
        true
    }

    /// A match with a mark at the end of a block.
    pub(super) fn matching_taken(&self, scrutinee: &Expr, arms: &[Arm]) -> Option<TokenStream> {
        let (parts, place, mark) = self.taken_place(scrutinee)?;
        let scrutinee =
            Scrutinee { parts, place, taken: &|number, pat| marked(&mark, number, pat) };
        Some(self.matching_chosen(&scrutinee, arms))
    }

    /// A match with guards at the end of a block that takes all of a local, or nothing: it has its value until
    /// an arm is chosen.
    pub(super) fn taking_after_guards(
        &self,
        local: LocalId,
        scrutinee: &Expr,
        arms: &[Arm],
    ) -> TokenStream {
        let pointer = self.pointer(local);
        let taken = |_: usize, pat: &Pat| {
            let is_checked =
                destructure::takes(pat) != Takes::Nothing && destructure::is_opaque(pat);
            if is_checked { no_drop(&pointer) } else { TokenStream::new() }
        };
        let place = self.place_of(scrutinee, local);
        self.matching_chosen(&Scrutinee { parts: TokenStream::new(), place, taken: &taken }, arms)
    }

    /// A match at the end of a block of the number of its arm.
    fn matching_chosen(&self, scrutinee: &Scrutinee<'_>, arms: &[Arm]) -> TokenStream {
        let pats = arms.iter().map(|arm| {
            let guard = arm.guard.as_ref().map(|guard| self.guard(guard, &bindings(&arm.pat)));
            (arm.pat.clone(), guard)
        });
        let Taken { value, arms: taken } = self.taken_arms(scrutinee, &pats.collect::<Vec<_>>());
        let arms = arms.iter().zip(taken).map(|(arm, taken)| {
            let target = self.jump(arm.target);
            let TakenArm { chosen, mark, values, bound } = taken;
            let bound = bound.iter().map(|pat| self.pattern(pat));
            emit!(#chosen => { #mark match #values { (#(#bound,)*) => { #target } } })
        });
        emit!(match #value { #(#arms)* _ => ::core::unreachable!() })
    }

    /// The place that a marked match takes apart, with its mark, and what must be told before.
    fn taken_place(&self, scrutinee: &Expr) -> Option<(TokenStream, TokenStream, TokenStream)> {
        let marked = self.compilation.analysis.parts.marked(scrutinee_mark(scrutinee)?)?;
        let (local, number, _) = marked;
        let (slot, mark) = (self.slot(local), mark_of(number));
        let place = self.place_of(inner(scrutinee), local);
        let parts = self.parts_at_first(local).unwrap_or_default();
        Some((parts, place, emit!(&(*#slot).marks #mark)))
    }

    fn taken_arms(
        &self,
        Scrutinee { parts, place, taken }: &Scrutinee<'_>,
        arms: &[(Pat, Option<TokenStream>)],
    ) -> Taken {
        let private = private();
        let all = arms.iter().flat_map(|(pat, _)| bindings(pat));
        let all: Vec<LocalId> = all.collect();
        let seen: Vec<Ident> = all.iter().map(|local| seen(*local)).collect();
        let cases = arms.iter().enumerate().map(|(number, (pat, guard))| {
            let pattern = self.pattern(pat);
            let guard = guard.as_ref().map(|guard| emit!((#guard) &&));
            let bound = bindings(pat);
            let copies = bound.iter().map(|local| {
                let (seen, name) = (self::seen(*local), self.bound_variable(*local));
                emit!(#seen.write(#private::read(&raw const #name));)
            });
            emit! {
                #pattern if #guard { #(#copies)* break 'select #number } => {
                    ::core::unreachable!()
                }
            }
        });
        let nothing = arms.len();
        let value = emit! {
            ({
                #parts
                #(let mut #seen = #private::MaybeUninit::uninit();)*
                let selected = 'select: {
                    match #place {
                        #(#cases)*
                        _ => {}
                    }
                    #nothing
                };
                (selected, #(#seen,)*)
            })
        };
        let arms = arms.iter().enumerate().map(|(number, (pat, _))| {
            let own = bindings(pat);
            let chosen = all.iter().map(|local| match own.contains(local) {
                true => emit!(),
                false => emit!(_),
            });
            let chosen = chosen.zip(&seen).map(|(other, seen)| match other.is_empty() {
                true => emit!(#seen),
                false => other,
            });
            let values = own.iter().map(|local| self::seen(*local));
            TakenArm {
                chosen: emit!((#number, #(#chosen,)*)),
                mark: taken(number, pat),
                values: emit!((#(#values.assume_init(),)*)),
                bound: outer_bindings(pat).into_iter().map(Pat::Ident).collect(),
            }
        });
        Taken { value, arms: arms.collect() }
    }

    /// The mark of a match: it has no size if all that it takes is `Copy`.
    pub(super) fn mark_of_match(&self, matching: &ExprMatch, local: LocalId) -> TokenStream {
        let private = private();
        let place = self.place_of(inner(&matching.expr), local);
        let pats = matching.arms.iter().map(|arm| &arm.pat);
        let taking = pats.filter(|pat| !taken_bindings(pat).is_empty());
        let probes = taking.map(|pat| {
            let pattern = self.pattern_of(&only_taken(pat), &|_| true);
            let bound = taken_bindings(pat).into_iter().map(|local| self.incoming(local));
            emit! {
                #private::PartProbe::of(match #place {
                    #pattern => (#(#bound,)*),
                    _ => ::core::unreachable!(),
                })
            }
        });
        let probe = probes.reduce(|one, other| emit!(#one.and(#other)));
        emit!((&&#probe).mark())
    }
}

/// Notes in a mark which arm has taken something.
fn marked(mark: &TokenStream, number: usize, pat: &Pat) -> TokenStream {
    if taken_bindings(pat).is_empty() {
        return TokenStream::new();
    }
    let (private, number) = (private(), u8::try_from(number + 1).expect("there are few arms"));
    emit!(#private::Mark::set_taken(#mark, #number);)
}

/// The variable for a copy of what is bound.
fn seen(local: LocalId) -> Ident {
    super::names::variable(&format!("seen{}", local.index()))
}
