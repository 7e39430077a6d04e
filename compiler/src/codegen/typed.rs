//! Where a construct that suspends has a value of a known type, the type is written at each end of
//! the construct: at the arms of a match, the branches of an `if`, the values of `break`.
//!
//! The machine has no place for the value of the whole, but one for each end, and says there what
//! type is expected. So the witness says it there as well, and a mistake is one error.

use proc_macro2::Span;
use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, ExprBreak, ExprParen, Lifetime, Pat, Stmt, Type, parse_quote};

use crate::ast::{CoroutineFn, macros, suspends};
use crate::hir::uses::diverges;
use crate::hir::{self, LocalId};

/// The body of a function with these types. A value with its type is a block with a mark.
pub(super) fn write_types(function: &CoroutineFn) -> Block {
    let output = function.block.is_none().then(|| function.output());
    let mut body = function.body.clone();
    Returns { output: output.as_ref() }.visit_block_mut(&mut body);
    if let Some(output) = &output {
        Ends { ty: output, is_let: false }.block(&mut body);
    }
    body
}

/// The value in a block that states its type; the block loses its mark.
pub(super) fn value_of(expr: &mut Expr) -> Option<&mut Expr> {
    let Expr::Block(block) = expr else { return None };
    block.attrs.pop_if(|mark| mark.path().is_ident(MARK))?;
    match block.block.stmts.first_mut() {
        Some(Stmt::Local(local)) => local.init.as_mut().map(|init| &mut *init.expr),
        _ => None,
    }
}

/// The attribute on a block that states a type.
const MARK: &str = "typed";

/// Writes the types of what `return` and `let` take.
struct Returns<'a> {
    /// The type of the result, unless it is to be inferred.
    output: Option<&'a Type>,
}

impl VisitMut for Returns<'_> {
    fn visit_expr_return_mut(&mut self, leave: &mut syn::ExprReturn) {
        visit_mut::visit_expr_return_mut(self, leave);
        if let (Some(output), Some(value)) = (self.output, &mut leave.expr) {
            Ends { ty: output, is_let: false }.write(value);
        }
    }

    fn visit_local_mut(&mut self, local: &mut syn::Local) {
        visit_mut::visit_local_mut(self, local);
        if let (Pat::Type(typed), Some(init)) = (&local.pat, &mut local.init)
            && let Pat::Ident(ident) = &*typed.pat
            && LocalId::from_unique(&ident.ident).is_some()
            && ident.by_ref.is_none()
            && ident.subpat.is_none()
            && init.diverge.is_none()
            && suspends(&init.expr)
            && !matches!(&*init.expr, Expr::Await(_) | Expr::Macro(_))
        {
            Ends { ty: &typed.ty, is_let: true }.write(&mut init.expr);
        }
    }

    fn visit_macro_mut(&mut self, mac: &mut syn::Macro) {
        macros::map_arguments(mac, |argument, _| self.visit_expr_mut(argument));
    }

    fn visit_expr_closure_mut(&mut self, _: &mut syn::ExprClosure) {}
    fn visit_expr_async_mut(&mut self, _: &mut syn::ExprAsync) {}
    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}

/// Writes a type at the ends of an expression.
struct Ends<'a> {
    ty: &'a Type,
    /// Whether a `let` takes the value, and may extend the life of temporaries.
    is_let: bool,
}

impl Ends<'_> {
    fn write(&self, expr: &mut Expr) {
        match expr {
            expr if !suspends(expr) => self.end(expr),
            Expr::Paren(inner) => self.write(&mut inner.expr),
            Expr::Group(inner) => self.write(&mut inner.expr),
            Expr::Unsafe(inner) => self.block(&mut inner.block),
            Expr::Block(inner) => {
                if let Some(label) = &inner.label {
                    self.breaks(Some(&label.name), &mut inner.block);
                }
                self.block(&mut inner.block);
            }
            Expr::If(branch) => {
                self.block(&mut branch.then_branch);
                if let Some((_, otherwise)) = &mut branch.else_branch {
                    self.write(otherwise);
                    without_attributes(otherwise);
                }
            }
            Expr::Match(matching) => {
                matching.arms.iter_mut().for_each(|arm| self.write(&mut arm.body));
            }
            Expr::Loop(round) => {
                self.breaks(round.label.as_ref().map(|label| &label.name), &mut round.body);
            }
            expr => self.end(expr),
        }
    }

    fn block(&self, block: &mut Block) {
        if let Some(Stmt::Expr(tail, None)) = block.stmts.last_mut() {
            self.write(tail);
        }
    }

    fn breaks(&self, label: Option<&Lifetime>, block: &mut Block) {
        Breaks { ends: self, label }.visit_block_mut(block);
    }

    fn end(&self, expr: &mut Expr) {
        let is_awaited = matches!(expr, Expr::Await(_));
        if !diverges(expr) && (!self.is_let || is_awaited || !keeps_temporaries(expr)) {
            *expr = self.typed(expr);
        }
    }

    /// A value with its type.
    fn typed(&self, value: &Expr) -> Expr {
        let ty = self.ty;
        // A value that diverges is not to be reported as if something came after it.
        let quiet = (!matches!(value, Expr::Lit(_) | Expr::Path(_))).then(|| {
            emit! {
                #[allow(unreachable_code, clippy::all, clippy::pedantic)]
                let _ = ();
            }
        });
        let block = emit!({ let value: #ty = (); #quiet value });
        let mut block: syn::ExprBlock = syn::parse2(block).expect("a block is an expression");
        if let Some(Stmt::Local(syn::Local { init: Some(init), .. })) =
            block.block.stmts.first_mut()
        {
            *init.expr = value.clone();
        }
        // It ends where the user's value does, and so does a `return` of it.
        let last = value.to_token_stream().into_iter().last();
        block.block.brace_token =
            syn::token::Brace(last.map_or_else(Span::mixed_site, |t| t.span()));
        let mark = syn::Ident::new(MARK, Span::mixed_site());
        block.attrs.push(parse_quote!(#[#mark]));
        Expr::Block(block)
    }
}

/// Puts a block with a mark into one without: after `else`, which has no attributes where the tokens
/// of a macro's argument are parsed again.
fn without_attributes(otherwise: &mut Expr) {
    if let Expr::Block(block) = otherwise
        && !block.attrs.is_empty()
    {
        let brace_token = block.block.brace_token;
        let stmts = vec![Stmt::Expr(otherwise.clone(), None)];
        let block = Block { brace_token, stmts };
        *otherwise = Expr::Block(syn::ExprBlock { attrs: Vec::new(), label: None, block });
    }
}

/// Whether a `let` may extend the life of a temporary in a value.
pub(super) fn keeps_temporaries(value: &Expr) -> bool {
    hir::leaves_temporaries(&hir::Expr::code(value.clone()))
}

/// Whether a value may borrow from a temporary that is dropped before the value is, and rustc says
/// so of the witness.
pub(super) fn may_borrow(value: &Expr) -> bool {
    (keeps_temporaries(value) || matches!(value, Expr::MethodCall(_))) && !may_extend(value)
}

/// Whether a value may borrow from what is in it, as its syntax shows: a `let` may extend the life of that.
pub(super) fn borrows(value: &Expr) -> bool {
    struct FindBorrow(bool);
    impl<'ast> Visit<'ast> for FindBorrow {
        fn visit_expr_reference(&mut self, _: &'ast syn::ExprReference) {
            self.0 = true;
        }
        fn visit_macro(&mut self, _: &'ast syn::Macro) {
            self.0 = true;
        }
    }
    let mut find = FindBorrow(false);
    find.visit_expr(value);
    find.0
}

/// Whether a call in a value may be one of a constructor that is named like a function. Temporaries
/// that its arguments borrow from then live on in the witness, and not in the machine, which is for
/// rustc to report.
fn may_extend(value: &Expr) -> bool {
    struct FindBorrow(bool);
    impl<'ast> Visit<'ast> for FindBorrow {
        fn visit_expr_reference(&mut self, borrow: &'ast syn::ExprReference) {
            self.0 |= !matches!(hir::root_of(&borrow.expr), Expr::Path(_));
            visit::visit_expr_reference(self, borrow);
        }
    }
    struct FindCall(bool);
    impl<'ast> Visit<'ast> for FindCall {
        fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
            let mut borrows = FindBorrow(false);
            call.args.iter().for_each(|argument| borrows.visit_expr(argument));
            self.0 |= borrows.0 && !hir::is_constructor(&call.func);
            visit::visit_expr_call(self, call);
        }
    }
    let mut find = FindCall(false);
    find.visit_expr(value);
    find.0
}

/// Whether a value is borrowed, as its type says, and may be so from such a temporary.
pub(super) fn is_borrowed(ty: &Type, value: &Expr) -> bool {
    matches!(ty, Type::Reference(_)) && matches!(value, Expr::MethodCall(_))
}

/// A block after `break 'label`, which rustc's lints ask to be in parentheses.
fn parenthesized(value: &Expr) -> Expr {
    let paren_token = syn::token::Paren(Span::mixed_site());
    Expr::Paren(ExprParen { attrs: Vec::new(), paren_token, expr: Box::new(value.clone()) })
}

/// Writes the type of the values of one loop or block.
struct Breaks<'a> {
    ends: &'a Ends<'a>,
    label: Option<&'a Lifetime>,
}

impl VisitMut for Breaks<'_> {
    fn visit_expr_break_mut(&mut self, jump: &mut ExprBreak) {
        visit_mut::visit_expr_break_mut(self, jump);
        if jump.label.as_ref().map(|label| &label.ident) == self.label.map(|label| &label.ident)
            && let Some(value) = &mut jump.expr
        {
            self.ends.write(value);
            if let Expr::Block(_) = **value {
                **value = parenthesized(value);
            }
        }
    }

    fn visit_expr_closure_mut(&mut self, _: &mut syn::ExprClosure) {}
    fn visit_expr_async_mut(&mut self, _: &mut syn::ExprAsync) {}
    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}
