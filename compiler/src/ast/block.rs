//! `coroutine_block!([names] async move { .. })`: a coroutine without a name, in an expression.
//!
//! It becomes a function whose arguments are what the block captures. Which names these are is
//! found when names are resolved.

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::visit::Visit;
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Block, Expr, ExprAsync, Ident, Macro, Stmt, StmtMacro, Token};

use super::{CoroutineFn, Flavor, macros, nesting, waits};
use crate::diagnostics::{self, Diagnostics};
use crate::edition::Edition;

/// The name of the macro.
const NAME: &str = "coroutine_block";

/// The attribute on a block inside a coroutine that the macro stood around.
const MARK: &str = "__coroutine_block";

/// What only a coroutine in an expression has.
#[derive(Clone, Debug)]
pub struct BlockForm {
    /// The block as written.
    pub source: ExprAsync,
    /// The names in the list before the block: what is captured besides what is found.
    pub listed: Vec<Ident>,
    /// What is captured, in the order of the arguments.
    pub captures: Vec<Capture>,
}

/// One variable that a block captures by value.
#[derive(Clone, Debug)]
pub struct Capture {
    /// Its name at its first use.
    pub name: Ident,
    /// Whether rustc captures all of it, whatever its type is.
    pub is_whole: bool,
}

impl BlockForm {
    /// Whether what is not in the list is captured by value as well.
    pub fn is_move(&self) -> bool {
        self.source.capture.is_some()
    }
}

/// The tokens of the macro.
struct Input {
    listed: Punctuated<Ident, Token![,]>,
    block: Expr,
}

impl Parse for Input {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut listed = Punctuated::new();
        if input.peek(syn::token::Bracket) {
            let list;
            syn::bracketed!(list in input);
            listed = Punctuated::parse_terminated(&list)?;
        }
        let block = input.parse()?;
        input.parse::<Option<Token![,]>>()?;
        Ok(Input { listed, block })
    }
}

/// Parses the tokens of `coroutine_block!`.
pub fn parse_block(tokens: TokenStream) -> Result<CoroutineFn, Diagnostics> {
    nesting::check(&tokens)?;
    let input: Input = syn::parse2(tokens)?;
    let source = match without_groups(input.block) {
        Expr::Async(source) => source,
        other => return Err(diagnostics::not_an_async_block(&other).into()),
    };
    let span = source.async_token.span;
    let signature = syn::parse2(quote_spanned!(Span::mixed_site().located_at(span)=>
        async fn block() -> _
    ))?;
    let mut body = source.block.clone();
    waits::spell_out(&mut body);
    let body = mark_blocks(&body)?;
    let listed = input.listed.into_iter().collect();
    Ok(CoroutineFn {
        edition: Edition::of_compiler(),
        attributes: Vec::new(),
        visibility: syn::Visibility::Inherited,
        signature,
        body,
        flavor: Flavor::Async,
        max_frame: None,
        block: Some(BlockForm { source, listed, captures: Vec::new() }),
    })
}

/// An expression without the invisible delimiters that another macro puts around it.
fn without_groups(expr: Expr) -> Expr {
    match expr {
        Expr::Group(group) => without_groups(*group.expr),
        expr => expr,
    }
}

/// Replaces the macro inside a coroutine by its block with a mark, so that the coroutine knows what
/// the block captures.
pub(super) fn mark_blocks(body: &Block) -> Result<Block, Diagnostics> {
    let mut marking = MarkBlocks(Diagnostics::default());
    let mut marked = body.clone();
    marking.visit_block_mut(&mut marked);
    marking.0.or_ok(marked)
}

/// Whether the macro stood around an `async` block.
pub fn is_coroutine_block(block: &ExprAsync) -> bool {
    block.attrs.iter().any(is_mark)
}

fn is_mark(attribute: &Attribute) -> bool {
    attribute.path().is_ident(MARK)
}

struct MarkBlocks(Diagnostics);

impl MarkBlocks {
    /// The block in a call of the macro.
    fn block_in(&mut self, mac: &Macro) -> Option<Expr> {
        if mac.path.segments.last()?.ident != NAME {
            return None;
        }
        let Input { listed, block } = mac.parse_body().ok()?; // else the macro itself complains
        let Expr::Async(mut block) = without_groups(block) else { return None };
        if !listed.is_empty() {
            self.0.push(diagnostics::nested_capture_list(&listed));
        }
        let mark = Ident::new(MARK, Span::mixed_site());
        block.attrs.push(syn::parse_quote!(#[#mark]));
        Some(Expr::Async(block))
    }
}

impl VisitMut for MarkBlocks {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        if let Expr::Macro(mac) = expr
            && let Some(block) = self.block_in(&mac.mac)
        {
            *expr = block;
        }
        visit_mut::visit_expr_mut(self, expr);
    }

    fn visit_stmt_mut(&mut self, stmt: &mut Stmt) {
        if let Stmt::Macro(StmtMacro { mac, semi_token, .. }) = stmt
            && let Some(block) = self.block_in(mac)
        {
            *stmt = Stmt::Expr(block, *semi_token);
        }
        visit_mut::visit_stmt_mut(self, stmt);
    }

    fn visit_macro_mut(&mut self, mac: &mut Macro) {
        if contains_macro(mac.tokens.clone()) {
            macros::map_arguments(mac, |argument, _| self.visit_expr_mut(argument));
        }
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}

/// Whether there is a block with the mark in a body.
pub fn has_marked_blocks(body: &Block) -> bool {
    struct FindMark(bool);
    impl<'ast> Visit<'ast> for FindMark {
        fn visit_attribute(&mut self, attribute: &'ast Attribute) {
            self.0 |= is_mark(attribute);
        }
        fn visit_macro(&mut self, mac: &'ast Macro) {
            let arguments = macros::arguments(mac);
            arguments.iter().flatten().for_each(|argument| self.visit_expr(&argument.expr));
        }
    }
    let mut find = FindMark(false);
    find.visit_block(body);
    find.0
}

/// Whether the macro is called somewhere in the tokens of another.
fn contains_macro(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|tree| match tree {
        TokenTree::Ident(ident) => ident == NAME,
        TokenTree::Group(group) => contains_macro(group.stream()),
        _ => false,
    })
}

/// Puts the macro back around the blocks that have its mark.
pub fn unmark_blocks(tokens: TokenStream) -> TokenStream {
    let mut unmarked = TokenStream::new();
    let mut trees = tokens.into_iter().peekable();
    while let Some(tree) = trees.next() {
        match tree {
            TokenTree::Punct(punct) if punct.as_char() == '#' && is_mark_group(trees.peek()) => {
                trees.next();
                let mut block = TokenStream::new();
                for part in trees.by_ref() {
                    let is_body = matches!(part, TokenTree::Group(_));
                    block.extend(unmark_blocks(part.into()));
                    if is_body {
                        break;
                    }
                }
                let span = Span::mixed_site();
                unmarked.extend(quote_spanned!(span=> ::coframe::coroutine_block!(#block)));
            }
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), unmark_blocks(group.stream()));
                inner.set_span(group.span());
                inner.to_tokens(&mut unmarked);
            }
            tree => tree.to_tokens(&mut unmarked),
        }
    }
    unmarked
}

fn is_mark_group(tree: Option<&TokenTree>) -> bool {
    let Some(TokenTree::Group(group)) = tree else { return false };
    let mut inner = group.stream().into_iter();
    matches!((inner.next(), inner.next()), (Some(TokenTree::Ident(name)), None) if name == MARK)
}
