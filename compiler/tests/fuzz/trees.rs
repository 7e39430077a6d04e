//! Random trees of tokens.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// What trees are made of, as it is written.
const WORDS: &[&str] = &[
    "async",
    "await",
    "fn",
    "move",
    "let",
    "mut",
    "ref",
    "if",
    "else",
    "match",
    "while",
    "for",
    "in",
    "loop",
    "break",
    "continue",
    "return",
    "unsafe",
    "const",
    "static",
    "struct",
    "impl",
    "trait",
    "mod",
    "where",
    "dyn",
    "self",
    "Self",
    "use",
    "type",
    "pub",
    "macro_rules",
    "suspend",
    "coroutine",
    "coframe",
    "yield",
    "resume",
    "x",
    "y",
    "name",
    "value",
    "r#type",
    "_",
    "0",
    "1u8",
    "0.1",
    "\"text\"",
    "\"{x}\"",
    "'a'",
    "'label",
    "b\"bytes\"",
    "u32",
    "String",
    "Some",
    "println",
    "vec",
    "+",
    "-",
    "*",
    "/",
    "&",
    "&&",
    "|",
    "||",
    "!",
    "=",
    "==",
    "+=",
    "<",
    ">",
    "<=",
    ">>",
    "..",
    "..=",
    "...",
    ".",
    ",",
    ";",
    ":",
    "::",
    "->",
    "=>",
    "#",
    "?",
    "@",
    "$",
    "~",
    "%",
    "^",
];

/// A tree.
#[derive(Clone, Debug)]
pub(crate) enum Tree {
    Word(&'static str),
    Group(u8, Vec<Tree>),
}

/// The arguments of an attribute.
pub(crate) fn arguments() -> impl Strategy<Value = Vec<Tree>> {
    let pair = |name: &'static str, ty: &'static str| {
        [name, "=", ty].map(Tree::Word).into_iter().collect::<Vec<_>>()
    };
    prop_oneof![
        4 => Just(Vec::new()),
        1 => Just(pair("yield", "u32")),
        1 => Just(pair("resume", "String")),
        1 => vec(tree(), 0..6),
    ]
}

/// Something like an item: random trees, or a function that is made of them.
pub(crate) fn items() -> impl Strategy<Value = Vec<Tree>> {
    let function = (any::<bool>(), vec(tree(), 0..4), vec(tree(), 0..24)).prop_map(
        |(is_async, arguments, body)| {
            let mut trees = Vec::new();
            trees.extend(is_async.then_some(Tree::Word("async")));
            trees.extend([Tree::Word("fn"), Tree::Word("name")]);
            trees.extend([Tree::Group(0, arguments), Tree::Group(1, body)]);
            trees
        },
    );
    let block = vec(tree(), 0..24).prop_map(|body| vec![Tree::Word("async"), Tree::Group(1, body)]);
    prop_oneof![2 => vec(tree(), 0..24), 4 => function, 1 => block]
}

fn tree() -> impl Strategy<Value = Tree> {
    let word = select(WORDS).prop_map(Tree::Word);
    word.prop_recursive(4, 32, 8, |inner| {
        (0..4_u8, vec(inner, 0..8)).prop_map(|(delimiter, trees)| Tree::Group(delimiter, trees))
    })
}

/// The tokens of trees.
pub(crate) fn to_stream(trees: Vec<Tree>) -> TokenStream {
    trees.into_iter().flat_map(tokens).collect()
}

fn tokens(tree: Tree) -> TokenStream {
    match tree {
        Tree::Word(word) => word.parse().expect("a word is made of tokens"),
        Tree::Group(delimiter, trees) => {
            let delimiter = match delimiter {
                0 => Delimiter::Parenthesis,
                1 => Delimiter::Brace,
                2 => Delimiter::Bracket,
                _ => Delimiter::None,
            };
            TokenTree::Group(Group::new(delimiter, to_stream(trees))).into()
        }
    }
}
