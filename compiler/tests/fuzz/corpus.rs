//! Real functions, and what they are made of.

use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use proptest::sample::Index;
use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::{Expr, Item, ItemFn, Pat, Stmt, Type};

/// All functions with their parts, in the order of the files' names.
#[derive(Default)]
pub(crate) struct Corpus {
    functions: Vec<ItemFn>,
    pub(crate) exprs: Vec<Expr>,
    pub(crate) stmts: Vec<Stmt>,
    pub(crate) pats: Vec<Pat>,
    pub(crate) types: Vec<Type>,
    pub(crate) tokens: Vec<TokenTree>,
}

impl Corpus {
    /// The fixtures of the compiler, and the functions that the differential tests compare.
    pub(crate) fn read() -> Self {
        let mut corpus = Corpus::default();
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        for topic in entries(&root.join("tests/fixtures")) {
            entries(&topic).iter().for_each(|path| corpus.add_file(path));
        }
        for path in entries(&root.join("../tests/tests")) {
            corpus.add_file(&path);
        }
        assert!(corpus.functions.len() > 300, "the functions of the tests are found");
        corpus
    }

    pub(crate) fn function(&self, index: Index) -> &ItemFn {
        index.get(&self.functions)
    }

    fn add_file(&mut self, path: &Path) {
        let text = fs::read_to_string(path).expect("a test is text");
        let file = syn::parse_file(&text).expect("a test is Rust");
        file.items.into_iter().for_each(|item| self.add_item(item));
    }

    fn add_item(&mut self, item: Item) {
        match item {
            Item::Fn(mut function) if function.attrs.iter().any(is_coroutine) => {
                function.attrs.clear();
                self.add_function(function);
            }
            Item::Macro(item) if item.mac.path.is_ident("differential") => {
                let mut tokens = item.mac.tokens.into_iter();
                tokens.find(|tree| matches!(tree, TokenTree::Punct(end) if end.as_char() == ';'));
                let items: TokenStream = tokens.collect();
                if let Ok(file) = syn::parse2::<syn::File>(items) {
                    file.items.into_iter().for_each(|item| self.add_item(item));
                }
            }
            _ => {}
        }
    }

    fn add_function(&mut self, function: ItemFn) {
        self.visit_item_fn(&function);
        self.tokens.extend(flat(function.to_token_stream()));
        self.functions.push(function);
    }
}

impl<'ast> Visit<'ast> for Corpus {
    fn visit_expr(&mut self, expr: &'ast Expr) {
        self.exprs.push(expr.clone());
        visit::visit_expr(self, expr);
    }

    fn visit_stmt(&mut self, stmt: &'ast Stmt) {
        self.stmts.push(stmt.clone());
        visit::visit_stmt(self, stmt);
    }

    fn visit_pat(&mut self, pat: &'ast Pat) {
        self.pats.push(pat.clone());
        visit::visit_pat(self, pat);
    }

    fn visit_type(&mut self, ty: &'ast Type) {
        self.types.push(ty.clone());
        visit::visit_type(self, ty);
    }
}

fn is_coroutine(attribute: &syn::Attribute) -> bool {
    attribute.path().is_ident("coroutine")
}

/// All trees of tokens, those in groups too.
fn flat(tokens: TokenStream) -> Vec<TokenTree> {
    let mut trees = Vec::new();
    for tree in tokens {
        if let TokenTree::Group(group) = &tree {
            trees.extend(flat(group.stream()));
        }
        trees.push(tree);
    }
    trees
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder can be read");
    let mut paths: Vec<PathBuf> =
        entries.map(|entry| entry.expect("an entry can be read").path()).collect();
    paths.sort();
    paths
}
