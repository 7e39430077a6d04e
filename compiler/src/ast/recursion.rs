//! Calls of a function in its own body, in a box: `Box::pin(name(..)).await`.
//!
//! The type of the frame would contain itself, as that of the box tells what is in it. So such a box
//! loses its type: `recursive(Box::pin(name(..))).await`. The witness tells the compiler that what is
//! in the box is the coroutine itself; see `codegen::witness`.

use proc_macro2::{Ident, Span};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, ExprAwait, ExprCall, parse_quote_spanned};

use super::CoroutineFn;

/// The last name in the path of the function that takes the type away.
const RECURSIVE: &str = "recursive";

/// Takes their types away from the boxes of recursive calls that are awaited where they are made.
pub fn spell_out(function: &mut CoroutineFn) {
    let signature = &function.signature;
    let calls = Calls { name: signature.ident.clone(), is_method: signature.receiver().is_some() };
    if function.block.is_none() && function.is_async() {
        SpellOut(calls).visit_block_mut(&mut function.body);
    }
}

/// Where a body awaits a box of itself first.
pub fn find(body: &Block) -> Option<Span> {
    struct Find(Option<Span>);
    impl<'ast> Visit<'ast> for Find {
        fn visit_expr_await(&mut self, awaited: &'ast ExprAwait) {
            visit::visit_expr_await(self, awaited);
            let found = boxed(&awaited.base).map(Spanned::span);
            self.0 = self.0.or(found);
        }
    }
    let mut find = Find(None);
    find.visit_block(body);
    find.0
}

/// The box in a recursive operand of `await`.
pub fn boxed(operand: &Expr) -> Option<&ExprCall> {
    let Expr::Call(call) = operand else { return None };
    let Expr::Path(path) = &*call.func else { return None };
    let segments = &path.path.segments;
    let is_ours = path.path.leading_colon.is_some()
        && segments.len() == 3
        && segments.first()?.ident == "coframe"
        && segments.last()?.ident == RECURSIVE;
    match call.args.first()? {
        Expr::Call(boxed) if is_ours => Some(boxed),
        _ => None,
    }
}

/// What the user wrote for an operand of `await`.
pub fn as_written(operand: &Expr) -> Expr {
    boxed(operand).map_or_else(|| operand.clone(), |boxed| Expr::Call(boxed.clone()))
}

/// Knows which calls are of the function itself.
struct Calls {
    name: Ident,
    is_method: bool,
}

impl Calls {
    /// Whether an expression is a box with a call of the function in it.
    fn is_boxed(&self, expr: &Expr) -> bool {
        let Expr::Call(call) = expr else { return false };
        let Expr::Path(path) = &*call.func else { return false };
        let names = path.path.segments.iter().rev().map(|segment| segment.ident.to_string());
        names.take(2).eq(["pin", "Box"])
            && call.args.len() == 1
            && call.args.first().is_some_and(|inner| self.is_call(inner))
    }

    fn is_call(&self, expr: &Expr) -> bool {
        match expr {
            Expr::MethodCall(call) => self.is_method && call.method == self.name,
            Expr::Call(call) => {
                let Expr::Path(path) = &*call.func else { return false };
                let segments = &path.path.segments;
                let is_own = segments.last().is_some_and(|last| last.ident == self.name);
                let is_of_self = segments.len() == 2 && segments[0].ident == "Self";
                is_own
                    && path.qself.is_none()
                    && (is_of_self || segments.len() == 1 && !self.is_method)
            }
            Expr::Paren(inner) => self.is_call(&inner.expr),
            _ => false,
        }
    }
}

struct SpellOut(Calls);

impl VisitMut for SpellOut {
    fn visit_expr_await_mut(&mut self, awaited: &mut ExprAwait) {
        visit_mut::visit_expr_await_mut(self, awaited);
        if self.0.is_boxed(&awaited.base) {
            let base = &awaited.base;
            let name = Ident::new(RECURSIVE, Span::mixed_site());
            *awaited.base =
                parse_quote_spanned!(Span::mixed_site()=> ::coframe::__private::#name(#base));
        }
    }

    fn visit_expr_closure_mut(&mut self, _: &mut syn::ExprClosure) {}
    fn visit_expr_async_mut(&mut self, _: &mut syn::ExprAsync) {}
    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}
