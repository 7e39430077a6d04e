//! Changes of a function.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use quote::{ToTokens, quote};
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, ItemFn, Pat, Type};

use super::corpus::Corpus;

/// A change of the syntax tree, at a place that `at` chooses.
#[derive(Clone, Debug)]
pub(crate) enum SyntaxEdit {
    ReplaceExpr { at: Index, with: Index },
    Wrap { at: Index, form: usize },
    ReplaceStmt { at: Index, with: Index },
    InsertStmt { at: Index, with: Index },
    RemoveStmt { at: Index },
    ReplacePat { at: Index, with: Index },
    ReplaceType { at: Index, with: Index },
}

/// A few changes of the syntax.
pub(crate) fn of_syntax() -> impl Strategy<Value = Vec<SyntaxEdit>> {
    use SyntaxEdit::*;
    let two = || (any::<Index>(), any::<Index>());
    let edit = prop_oneof![
        3 => two().prop_map(|(at, with)| ReplaceExpr { at, with }),
        6 => (any::<Index>(), 0..FORMS.len()).prop_map(|(at, form)| Wrap { at, form }),
        1 => two().prop_map(|(at, with)| ReplaceStmt { at, with }),
        2 => two().prop_map(|(at, with)| InsertStmt { at, with }),
        1 => any::<Index>().prop_map(|at| RemoveStmt { at }),
        2 => two().prop_map(|(at, with)| ReplacePat { at, with }),
        1 => two().prop_map(|(at, with)| ReplaceType { at, with }),
    ];
    vec(edit, 1..8)
}

/// Ways to put an expression into a larger one.
const FORMS: &[fn(Expr) -> TokenStream] = &[
    |e| quote!((#e).await),
    |e| quote!((#e).await?),
    |e| quote!((#e)?),
    |e| quote!(&(#e)),
    |e| quote!(&mut (#e)),
    |e| quote!(*(#e)),
    |e| quote!({ #e }),
    |e| quote!({ #e; }),
    |e| quote!({ let value = #e; pause().await; value }),
    |e| quote!('label: { if f().await { break 'label #e; } #e }),
    |e| quote!(unsafe { #e }),
    |e| quote!(const { #e }),
    |e| quote!(async { #e }),
    |e| quote!(async move { #e }.await),
    |e| quote!(if #e { f().await } else { g() }),
    |e| quote!(if let Some(n) = #e { n.await } else { return }),
    |e| quote!(if let Some(n) = #e && n.await && let Ok(m) = n { m }),
    |e| quote!(match #e { Some(n) if n > 1 => n.await, Some(ref n) => n, _ => loop { break } }),
    |e| quote!(match #e { Some(n) if n.await => n, (.., last) | [last, ..] => last, _ => 0 }),
    |e| quote!(match x { A { a, .. } if { #e } => a, b @ 1..=2 => b.await, _ => #e }),
    |e| quote!(while #e { f().await; continue; }),
    |e| quote!(while let Some(n) = #e { n.await; break; }),
    |e| quote!('label: for (a, b) in #e { a.await; continue 'label; }),
    |e| quote!(for a in f().await { #e; }),
    |e| quote!(loop { break #e; }),
    |e| quote!('label: loop { loop { f().await; break 'label #e } }),
    |e| quote!(return #e),
    |e| quote!(|x: u32| #e),
    |e| quote!(move |(x, y)| { #e }),
    |e| quote!(async move |x| { #e }),
    |e| quote!((#e).field),
    |e| quote!((#e).0.1),
    |e| quote!((#e).method(f().await)),
    |e| quote!((#e).method(|x| x).await.method()),
    |e| quote!(f().await.method(#e)),
    |e| quote!((#e)[f().await]),
    |e| quote!(f().await[#e]),
    |e| quote!(f(#e, g().await, #e)),
    |e| quote!((#e)(f().await)),
    |e| quote!((#e, f().await)),
    |e| quote!([f().await, #e]),
    |e| quote!([#e; 2]),
    |e| quote!(S { a: f().await, b: #e, ..rest }),
    |e| quote!(S { a: g(), ..#e }),
    |e| quote!(#e as u32),
    |e| quote!((#e)..f().await),
    |e| quote!((#e) + f().await * (#e)),
    |e| quote!((#e) && f().await || (#e)),
    |e| quote!(-(#e)),
    |e| quote!(x = #e),
    |e| quote!((x, _, y.0) = #e),
    |e| quote!(x.y += #e),
    |e| quote!((#e).a[i] = f().await),
    |e| quote!(&raw const (#e)),
    |e| quote!(println!("{x} {}", #e)),
    |e| quote!(assert_eq!(#e, f().await, "{y:?}")),
    |e| quote!(vec![#e, f().await]),
    |e| quote!(unknown!(#e)),
    |e| quote!(matches!(#e, Some(n) if n > 1)),
    |e| quote!(coframe::suspend!(#e)),
    |_| quote!(suspend!()),
    |e| quote!(join!(#e, f())),
    |e| quote!(select! { a = #e => a, _ = f() => 1 }),
    |e| quote!(pin!(#e)),
    |e| quote!(coframe::coroutine_block!(async move { #e })),
];

impl SyntaxEdit {
    pub(crate) fn apply(&self, function: &mut ItemFn, corpus: &Corpus) {
        let (kind, at) = match self {
            SyntaxEdit::ReplaceExpr { at, .. } | SyntaxEdit::Wrap { at, .. } => (Kind::Expr, at),
            SyntaxEdit::ReplaceStmt { at, .. }
            | SyntaxEdit::InsertStmt { at, .. }
            | SyntaxEdit::RemoveStmt { at } => (Kind::Stmt, at),
            SyntaxEdit::ReplacePat { at, .. } => (Kind::Pat, at),
            SyntaxEdit::ReplaceType { at, .. } => (Kind::Type, at),
        };
        let mut count = Walk { kind, left: usize::MAX, edit: self, corpus };
        count.visit_item_fn_mut(function);
        let places = usize::MAX - count.left;
        if places > 0 {
            let left = at.index(places);
            Walk { kind, left, edit: self, corpus }.visit_item_fn_mut(function);
        }
    }
}

/// What an edit changes.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Expr,
    Stmt,
    Pat,
    Type,
}

/// Goes to the place of an edit.
struct Walk<'a> {
    kind: Kind,
    /// How many places are left before it.
    left: usize,
    edit: &'a SyntaxEdit,
    corpus: &'a Corpus,
}

impl Walk<'_> {
    fn is_here(&mut self, kind: Kind) -> bool {
        if self.kind != kind {
            return false;
        }
        let is_here = self.left == 0;
        self.left = self.left.wrapping_sub(1);
        is_here
    }
}

impl VisitMut for Walk<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        if !self.is_here(Kind::Expr) {
            return visit_mut::visit_expr_mut(self, expr);
        }
        let edited = match self.edit {
            SyntaxEdit::ReplaceExpr { with, .. } => with.get(&self.corpus.exprs).clone(),
            SyntaxEdit::Wrap { form, .. } => {
                let tokens = FORMS[*form](expr.clone());
                syn::parse2(tokens).unwrap_or_else(|_| expr.clone())
            }
            _ => return,
        };
        *expr = edited;
    }

    fn visit_block_mut(&mut self, block: &mut Block) {
        let mut index = 0;
        while index < block.stmts.len() {
            if self.is_here(Kind::Stmt) {
                match self.edit {
                    SyntaxEdit::ReplaceStmt { with, .. } => {
                        block.stmts[index] = with.get(&self.corpus.stmts).clone();
                    }
                    SyntaxEdit::InsertStmt { with, .. } => {
                        block.stmts.insert(index, with.get(&self.corpus.stmts).clone());
                    }
                    _ => drop(block.stmts.remove(index)),
                }
                return;
            }
            index += 1;
        }
        visit_mut::visit_block_mut(self, block);
    }

    fn visit_pat_mut(&mut self, pat: &mut Pat) {
        if !self.is_here(Kind::Pat) {
            return visit_mut::visit_pat_mut(self, pat);
        }
        if let SyntaxEdit::ReplacePat { with, .. } = self.edit {
            *pat = with.get(&self.corpus.pats).clone();
        }
    }

    fn visit_type_mut(&mut self, ty: &mut Type) {
        if !self.is_here(Kind::Type) {
            return visit_mut::visit_type_mut(self, ty);
        }
        if let SyntaxEdit::ReplaceType { with, .. } = self.edit {
            *ty = with.get(&self.corpus.types).clone();
        }
    }
}

/// A change of the tokens, at a place that `at` chooses.
#[derive(Clone, Debug)]
pub(crate) enum TokenEdit {
    Remove { at: Index },
    Repeat { at: Index },
    Replace { at: Index, with: Index },
    Insert { at: Index, with: Index },
    Group { at: Index, delimiter: u8 },
    Ungroup { at: Index },
}

/// A few changes of the tokens.
pub(crate) fn of_tokens() -> impl Strategy<Value = Vec<TokenEdit>> {
    use TokenEdit::*;
    let two = || (any::<Index>(), any::<Index>());
    let edit = prop_oneof![
        any::<Index>().prop_map(|at| Remove { at }),
        any::<Index>().prop_map(|at| Repeat { at }),
        two().prop_map(|(at, with)| Replace { at, with }),
        two().prop_map(|(at, with)| Insert { at, with }),
        (any::<Index>(), 0..4_u8).prop_map(|(at, delimiter)| Group { at, delimiter }),
        any::<Index>().prop_map(|at| Ungroup { at }),
    ];
    vec(edit, 1..4)
}

impl TokenEdit {
    pub(crate) fn apply(&self, tokens: TokenStream, corpus: &Corpus) -> TokenStream {
        let at = match self {
            TokenEdit::Remove { at }
            | TokenEdit::Repeat { at }
            | TokenEdit::Replace { at, .. }
            | TokenEdit::Insert { at, .. }
            | TokenEdit::Group { at, .. }
            | TokenEdit::Ungroup { at } => at,
        };
        let count = count(tokens.clone());
        if count == 0 {
            return tokens;
        }
        let mut left = at.index(count);
        self.apply_at(tokens, &mut left, corpus)
    }

    fn apply_at(&self, tokens: TokenStream, left: &mut usize, corpus: &Corpus) -> TokenStream {
        let mut edited = TokenStream::new();
        for tree in tokens {
            let is_here = *left == 0;
            *left = left.wrapping_sub(1);
            match tree {
                tree if is_here => edited.extend(self.edited(tree, corpus)),
                TokenTree::Group(group) => {
                    let inner = self.apply_at(group.stream(), left, corpus);
                    edited.extend([TokenTree::Group(Group::new(group.delimiter(), inner))]);
                }
                tree => edited.extend([tree]),
            }
        }
        edited
    }

    fn edited(&self, tree: TokenTree, corpus: &Corpus) -> TokenStream {
        match (self, tree) {
            (TokenEdit::Remove { .. }, _) => TokenStream::new(),
            (TokenEdit::Repeat { .. }, tree) => quote!(#tree #tree),
            (TokenEdit::Replace { with, .. }, _) => with.get(&corpus.tokens).to_token_stream(),
            (TokenEdit::Insert { with, .. }, tree) => {
                let inserted = with.get(&corpus.tokens);
                quote!(#inserted #tree)
            }
            (TokenEdit::Group { delimiter, .. }, tree) => {
                let delimiters =
                    [Delimiter::Parenthesis, Delimiter::Brace, Delimiter::Bracket, Delimiter::None];
                let delimiter = delimiters[usize::from(*delimiter)];
                Group::new(delimiter, tree.into()).to_token_stream()
            }
            (TokenEdit::Ungroup { .. }, TokenTree::Group(group)) => group.stream(),
            (TokenEdit::Ungroup { .. }, tree) => tree.into(),
        }
    }
}

/// The number of trees, those in groups too.
fn count(tokens: TokenStream) -> usize {
    let trees = tokens.into_iter().map(|tree| match tree {
        TokenTree::Group(group) => 1 + count(group.stream()),
        _ => 1,
    });
    trees.sum()
}
