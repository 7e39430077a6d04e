//! The macros of async libraries that wait or declare: `select!`, `join!`, `try_join!` and `pin!`.
//!
//! What such a macro waits with is its own secret, so it runs in an `async` block that is awaited.
//! The handlers of `select!` may suspend and jump: they become the arms of a match on what the
//! block hands out, which is all of the value whose pattern matched.
//!
//! ```text
//! select! {                         {
//!     Some(x) = a() => f(x).await,      let output = async {
//!     _ = b(), if c => return,              select! {
//! }                                             value @ Some(_) = a() => Ok(value),
//!                                               value @ _ = b(), if c => Err(value),
//!                                           }
//!                                       }.await;
//!                                       match __selected {
//!                                           Ok(Some(x)) => f(x).await,
//!                                           Err(_) => return,
//!                                           _ => unreachable!(),
//!                                       }
//!                                   }
//! ```
//!
//! A name in place of a future is a place for `futures::select!` and a value for `tokio::select!`.
//! Without a path it is the latter: `if true` after it is an error for the former.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, ExprMacro, Ident, Macro, Pat, Stmt, Token, parse_quote_spanned};

use super::macros::Passing;
use super::suspends::{suspends, tokens_jump};

/// Replaces these macros in a body.
pub(super) fn spell_out(body: &mut Block) {
    SpellOut.visit_block_mut(body);
}

struct SpellOut;

impl VisitMut for SpellOut {
    fn visit_block_mut(&mut self, block: &mut Block) {
        let stmts = std::mem::take(&mut block.stmts);
        block.stmts = stmts.into_iter().flat_map(spell_out_stmt).collect();
        visit_mut::visit_block_mut(self, block);
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        let Expr::Macro(ExprMacro { mac, .. }) = expr else {
            return visit_mut::visit_expr_mut(self, expr);
        };
        match spell_out_select(mac) {
            Some(select) => *expr = select.spelled_out(mac, self),
            None => {
                if let Some(joined) = spell_out_join(mac) {
                    *expr = joined;
                }
            }
        }
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}

/// A statement as statements without the macros.
fn spell_out_stmt(stmt: Stmt) -> Vec<Stmt> {
    let Stmt::Macro(statement) = &stmt else { return vec![stmt] };
    if let Some(names) = pinned(&statement.mac) {
        let pin = |name: &Ident| -> Stmt {
            let span = Span::mixed_site().located_at(name.span());
            parse_quote_spanned!(span=> let mut #name = ::core::pin::pin!(#name);)
        };
        return names.iter().map(pin).collect();
    }
    if !waits(&statement.mac) {
        return vec![stmt];
    }
    let (attrs, mac) = (statement.attrs.clone(), statement.mac.clone());
    vec![Stmt::Expr(Expr::Macro(ExprMacro { attrs, mac }), statement.semi_token)]
}

fn name_of(mac: &Macro) -> Option<String> {
    mac.path.segments.last().map(|last| last.ident.to_string())
}

fn is_from(mac: &Macro, crates: &[&str]) -> bool {
    let first = mac.path.segments.first().filter(|_| mac.path.segments.len() > 1);
    first.is_some_and(|first| crates.iter().any(|name| first.ident == name))
}

/// Whether a macro is one of those that are replaced where they are expressions.
fn waits(mac: &Macro) -> bool {
    let name = name_of(mac);
    matches!(name.as_deref(), Some("select" | "select_biased" | "join" | "try_join"))
}

/// The variables that `pin!(a, b);` pins: a statement, as that of the standard library is a value.
fn pinned(mac: &Macro) -> Option<Punctuated<Ident, Token![,]>> {
    let is_pin = matches!(name_of(mac).as_deref(), Some("pin" | "pin_mut"));
    if !is_pin || is_from(mac, &["std", "core"]) {
        return None;
    }
    mac.parse_body_with(Punctuated::parse_terminated).ok()
}

/// `join!(a, b)` in an `async` block that is awaited. What jumps or suspends among its arguments is
/// left to be refused.
fn spell_out_join(mac: &Macro) -> Option<Expr> {
    let is_join = matches!(name_of(mac).as_deref(), Some("join" | "try_join"));
    if !is_join || tokens_jump(mac.tokens.clone()) {
        return None;
    }
    let arguments = mac.parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated).ok()?;
    if arguments.iter().any(suspends) {
        return None;
    }
    let span = Span::mixed_site().located_at(mac.path.segments.last()?.ident.span());
    Some(parse_quote_spanned!(span=> (async { #mac }).await))
}

/// One branch of `select!`.
struct Branch {
    pat: Pat,
    future: Expr,
    condition: Option<Expr>,
    handler: Expr,
}

/// What `select!` consists of.
struct Select {
    is_biased: bool,
    branches: Vec<Branch>,
    /// The name and handler of a branch without a future: `else`, `complete`, `default`.
    others: Vec<(TokenStream, Expr)>,
}

fn spell_out_select(mac: &Macro) -> Option<Select> {
    if !matches!(name_of(mac).as_deref(), Some("select" | "select_biased")) {
        return None;
    }
    let select = Select::parse.parse2(mac.tokens.clone()).ok()?;
    let is_simple = |expr: &Expr| !suspends(expr) && !tokens_jump(expr.to_token_stream());
    let is_simple = select
        .branches
        .iter()
        .all(|branch| is_simple(&branch.future) && branch.condition.iter().all(is_simple));
    is_simple.then_some(select)
}

impl Select {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut select = Select { is_biased: false, branches: Vec::new(), others: Vec::new() };
        if input.peek(syn::Ident) && input.peek2(Token![;]) {
            input.parse::<Ident>()?;
            input.parse::<Token![;]>()?;
            select.is_biased = true;
        }
        while !input.is_empty() {
            if input.peek2(Token![=>]) {
                let name = input.call(<Ident as syn::ext::IdentExt>::parse_any)?;
                select.others.push((name.into_token_stream(), handler(input)?));
                continue;
            }
            let pat = Pat::parse_multi_with_leading_vert(input)?;
            input.parse::<Token![=]>()?;
            let future = input.parse()?;
            let mut condition = None;
            if input.peek(Token![,]) {
                input.parse::<Token![,]>()?;
                input.parse::<Token![if]>()?;
                condition = Some(input.parse()?);
            }
            let handler = handler(input)?;
            select.branches.push(Branch { pat, future, condition, handler });
        }
        Ok(select)
    }

    /// The block in which the macro runs, and the match on what it hands out.
    fn spelled_out(mut self, mac: &Macro, inner: &mut SpellOut) -> Expr {
        let span =
            mac.path.segments.last().map_or_else(Span::mixed_site, |last| {
                Span::mixed_site().located_at(last.ident.span())
            });
        let name = &mac.path;
        let count = self.branches.len() + self.others.len();
        let biased = self.is_biased.then(|| quote!(biased;));
        let futures = self.branches.iter().enumerate().map(|(index, branch)| {
            let Branch { pat, future, condition, .. } = branch;
            let mut shape = pat.clone();
            Shape.visit_pat_mut(&mut shape);
            let value = quote_spanned!(span=> __value);
            let handed = outcome(index, count, &value, span);
            let is_unclear = condition.is_none()
                && mac.path.segments.len() == 1
                && passing(mac, future) == Passing::Value
                && matches!(future, Expr::Path(_));
            let condition = match condition {
                Some(condition) => quote!(, if #condition),
                None if is_unclear => quote_spanned!(span=> , if true),
                None => TokenStream::new(),
            };
            quote_spanned!(span=> #value @ (#shape) = #future #condition => #handed,)
        });
        let others = self.others.iter().enumerate().map(|(index, (name, _))| {
            let handed = outcome(self.branches.len() + index, count, &quote!(()), span);
            quote_spanned!(span=> #name => #handed,)
        });
        let inside = quote!(#biased #(#futures)* #(#others)*);
        let block = quote_spanned!(span=> (async { #name! { #inside } }).await);
        self.branches.iter_mut().for_each(|branch| inner.visit_expr_mut(&mut branch.handler));
        self.others.iter_mut().for_each(|(_, handler)| inner.visit_expr_mut(handler));
        let pats = self.branches.iter().map(|branch| branch.pat.to_token_stream());
        let handlers = self.branches.iter().map(|branch| &branch.handler);
        let pats = pats.chain(self.others.iter().map(|_| quote!(())));
        let handlers = handlers.chain(self.others.iter().map(|(_, handler)| handler));
        let arms = pats.zip(handlers).enumerate().map(|(index, (pat, handler))| {
            let pat = outcome(index, count, &quote!((#pat)), span);
            quote!(#pat => #handler,)
        });
        parse_quote_spanned! {span=> {
            let __selected = #block;
            match __selected {
                #(#arms)*
                #[allow(unreachable_patterns)]
                _ => ::core::unreachable!(),
            }
        }}
    }
}

/// The handler of a branch, and the comma after it.
fn handler(input: ParseStream<'_>) -> syn::Result<Expr> {
    input.parse::<Token![=>]>()?;
    let handler = match input.peek(syn::token::Brace) {
        true => {
            Expr::Block(syn::ExprBlock { attrs: Vec::new(), label: None, block: input.parse()? })
        }
        false => input.parse()?,
    };
    input.parse::<Option<Token![,]>>()?;
    Ok(handler)
}

/// How the macro passes on what stands in place of a future.
fn passing(mac: &Macro, future: &Expr) -> Passing {
    let is_of_futures = is_from(mac, &["futures", "futures_util", "futures_lite"])
        || name_of(mac).as_deref() == Some("select_biased");
    match future {
        Expr::Path(_) if is_of_futures => Passing::Place,
        _ => Passing::Value,
    }
}

/// The outcome of one of several branches: `Ok(value)`, `Err(Ok(value))`, `Err(Err(value))`.
fn outcome(index: usize, count: usize, value: &TokenStream, span: Span) -> TokenStream {
    let result = quote_spanned!(span=> ::core::result::Result);
    let mut outcome = match index + 1 < count {
        true => quote_spanned!(span=> #result::Ok(#value)),
        false => value.clone(),
    };
    for _ in 0..index {
        outcome = quote_spanned!(span=> #result::Err(#outcome));
    }
    outcome
}

/// Leaves of a pattern what it looks at, and binds nothing.
struct Shape;

impl VisitMut for Shape {
    fn visit_pat_mut(&mut self, pat: &mut Pat) {
        visit_mut::visit_pat_mut(self, pat);
        let Pat::Ident(ident) = pat else { return };
        let text = ident.ident.to_string();
        let is_constant = ident.by_ref.is_none()
            && ident.mutability.is_none()
            && text.trim_start_matches('_').starts_with(char::is_uppercase);
        match ident.subpat.take() {
            Some((_, inner)) => *pat = syn::parse_quote!((#inner)),
            None if !is_constant => *pat = syn::parse_quote!(_),
            None => {}
        }
    }

    fn visit_field_pat_mut(&mut self, field: &mut syn::FieldPat) {
        field.colon_token.get_or_insert_default();
        self.visit_pat_mut(&mut field.pat);
    }
}

/// The expressions in a `select!` in an `async` block, and the tokens between them.
pub(super) fn select_parts<P>(
    mac: &Macro,
    tokens: impl Fn(TokenStream) -> P,
    argument: impl Fn(Expr, Passing) -> P,
) -> Option<Vec<P>> {
    let select = spell_out_select(mac)?;
    let mut parts = Vec::new();
    if select.is_biased {
        parts.push(tokens(quote!(biased;)));
    }
    for Branch { pat, future, condition, handler } in select.branches {
        let passing = passing(mac, &future);
        parts.push(tokens(quote!(#pat =)));
        parts.push(argument(future, passing));
        if let Some(condition) = condition {
            parts.push(tokens(quote!(, if)));
            parts.push(argument(condition, Passing::Value));
        }
        parts.push(tokens(quote!(=> #handler,)));
    }
    for (name, handler) in select.others {
        parts.push(tokens(quote!(#name => #handler,)));
    }
    Some(parts)
}
