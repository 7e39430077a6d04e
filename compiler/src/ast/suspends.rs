//! Which constructs contain a suspension point. Only those are lowered; all others stay whole.

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, ExprAwait, Macro};

use super::macros;

/// Whether an expression of a coroutine suspends, nested functions and closures aside.
pub fn suspends(expr: &Expr) -> bool {
    let mut find = FindSuspension(false);
    find.visit_expr(expr);
    find.0
}

/// Whether a statement contains a suspension point.
pub fn stmt_suspends(stmt: &syn::Stmt) -> bool {
    let mut find = FindSuspension(false);
    find.visit_stmt(stmt);
    find.0
}

/// Whether a body suspends anywhere.
pub fn body_suspends(body: &Block) -> bool {
    let mut find = FindSuspension(false);
    find.visit_block(body);
    find.0
}

/// Whether a macro call is `suspend!`.
pub fn is_suspend(mac: &Macro) -> bool {
    mac.path.segments.last().is_some_and(|segment| segment.ident == "suspend")
}

/// Marks the calls on and matches of what `is_named` accepts, and the `let`s that take it apart: they
/// are treated like suspensions, that is, evaluated in a statement of their own.
pub fn mark_to_name(body: &mut syn::Block, is_named: &dyn Fn(&Expr) -> bool) {
    Mark(is_named).visit_block_mut(body);
}

/// The expression that a mark stands on.
pub fn without_name_mark(expr: &Expr) -> Option<Expr> {
    is_marked(expr).then(|| {
        let mut call = expr.clone();
        attributes_of(&mut call).expect("it can be marked").retain(|a| !is_mark(a));
        call
    })
}

struct Mark<'a>(&'a dyn Fn(&Expr) -> bool);

impl Mark<'_> {
    /// Whether an expression is named, or is a closure or `async` block that captures what is.
    fn names(&self, expr: &Expr) -> bool {
        struct Find<'a>(&'a dyn Fn(&Expr) -> bool, bool);
        impl<'ast> Visit<'ast> for Find<'_> {
            fn visit_expr_path(&mut self, path: &'ast syn::ExprPath) {
                self.1 |= (self.0)(&Expr::Path(path.clone()));
            }
        }
        let mut find = Find(self.0, false);
        match expr {
            Expr::Closure(closure) => find.visit_expr(&closure.body),
            Expr::Async(block) => find.visit_block(&block.block),
            expr => return (self.0)(expr),
        }
        find.1
    }
}

impl VisitMut for Mark<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        if matches!(expr, Expr::Closure(_) | Expr::Async(_)) {
            return;
        }
        visit_mut::visit_expr_mut(self, expr);
        let is_named = match expr {
            Expr::MethodCall(call) => (self.0)(&call.receiver),
            Expr::Call(call) => (self.0)(&call.func),
            Expr::Match(matching) => (self.0)(&matching.expr),
            Expr::If(branch) => tested(&branch.cond, self.0),
            Expr::While(round) => tested(&round.cond, self.0),
            _ => return,
        };
        if is_named {
            attributes_of(expr).expect("it can be marked").push(syn::parse_quote!(#[__named]));
        }
    }

    fn visit_local_mut(&mut self, local: &mut syn::Local) {
        visit_mut::visit_local_mut(self, local);
        if local.init.as_ref().is_some_and(|init| self.names(&init.expr)) {
            local.attrs.push(syn::parse_quote!(#[__named]));
        }
    }

    fn visit_macro_mut(&mut self, mac: &mut Macro) {
        macros::map_arguments(mac, |argument, _| self.visit_expr_mut(argument));
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}

/// Whether a condition tests something that is named.
fn tested(condition: &Expr, is_named: &dyn Fn(&Expr) -> bool) -> bool {
    match condition {
        Expr::Let(test) => is_named(&test.expr),
        Expr::Binary(binary) => tested(&binary.left, is_named) || tested(&binary.right, is_named),
        _ => false,
    }
}

/// The attributes of a `let` but for a mark.
pub fn without_mark(attributes: &[syn::Attribute]) -> Vec<syn::Attribute> {
    attributes.iter().filter(|attribute| !is_mark(attribute)).cloned().collect()
}

fn attributes_of(call: &mut Expr) -> Option<&mut Vec<syn::Attribute>> {
    match call {
        Expr::MethodCall(call) => Some(&mut call.attrs),
        Expr::Call(call) => Some(&mut call.attrs),
        Expr::Match(matching) => Some(&mut matching.attrs),
        Expr::If(branch) => Some(&mut branch.attrs),
        Expr::While(round) => Some(&mut round.attrs),
        _ => None,
    }
}

fn is_mark(attribute: &syn::Attribute) -> bool {
    attribute.path().is_ident("__named")
}

fn is_marked(expr: &Expr) -> bool {
    match expr {
        Expr::MethodCall(call) => call.attrs.iter().any(is_mark),
        Expr::Call(call) => call.attrs.iter().any(is_mark),
        Expr::Match(matching) => matching.attrs.iter().any(is_mark),
        Expr::If(branch) => branch.attrs.iter().any(is_mark),
        Expr::While(round) => round.attrs.iter().any(is_mark),
        _ => false,
    }
}

struct FindSuspension(bool);

impl<'ast> Visit<'ast> for FindSuspension {
    fn visit_expr(&mut self, expr: &'ast Expr) {
        match expr {
            Expr::Closure(_) | Expr::Async(_) | Expr::Const(_) => {}
            _ if self.0 => {}
            _ if is_marked(expr) => self.0 = true,
            _ => visit::visit_expr(self, expr),
        }
    }

    fn visit_expr_await(&mut self, _: &'ast ExprAwait) {
        self.0 = true;
    }

    fn visit_local(&mut self, local: &'ast syn::Local) {
        self.0 |= local.attrs.iter().any(is_mark);
        visit::visit_local(self, local);
    }

    fn visit_macro(&mut self, mac: &'ast Macro) {
        if is_suspend(mac) {
            self.0 = true;
        } else if let Some(spelled_out) = macros::spell_out(mac) {
            self.visit_expr(&spelled_out);
        } else if let Some(arguments) = macros::arguments(mac) {
            arguments.iter().for_each(|argument| self.visit_expr(&argument.expr));
        }
    }

    fn visit_item(&mut self, _: &'ast syn::Item) {}
}

/// Whether the tokens of an unknown macro seem to hold a suspension point: `.await` or `suspend!`
/// outside of `async` blocks and closures.
pub(super) fn tokens_suspend(tokens: TokenStream) -> bool {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    let is_ident = |tree: Option<&TokenTree>, name: &str| matches!(tree, Some(TokenTree::Ident(ident)) if ident == name);
    let is_punct = |tree: Option<&TokenTree>, sign: char| matches!(tree, Some(TokenTree::Punct(punct)) if punct.as_char() == sign);
    let mut previous_is_async = false;
    for (index, tree) in trees.iter().enumerate() {
        let next = trees.get(index + 1);
        if is_punct(Some(tree), '.') && is_ident(next, "await")
            || is_ident(Some(tree), "suspend") && is_punct(next, '!')
        {
            return true;
        }
        match tree {
            TokenTree::Group(group) if !previous_is_async => {
                if tokens_suspend(group.stream()) {
                    return true;
                }
                previous_is_async = false;
            }
            TokenTree::Ident(ident) => {
                previous_is_async = ident == "async" || previous_is_async && ident == "move";
            }
            _ => previous_is_async = false,
        }
    }
    false
}

/// Whether there is something in tokens that leaves what is around: `?`, `return` and the like,
/// perhaps those of a closure.
pub(super) fn tokens_jump(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|tree| match tree {
        TokenTree::Group(group) => tokens_jump(group.stream()),
        TokenTree::Ident(ident) => {
            ["return", "break", "continue"].iter().any(|keyword| ident == keyword)
        }
        TokenTree::Punct(punct) => punct.as_char() == '?',
        TokenTree::Literal(_) => false,
    })
}
