//! Each stage as text, for tests, for people and for bug reports.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

use crate::ast::{self, CoroutineFn};
use crate::diagnostics::Diagnostics;
use crate::{Compilation, codegen, hir, mir};

/// A stage of the pipeline that has a text form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The function with unique names.
    Ast,
    /// The desugared body.
    Hir,
    /// The control-flow graph with elaborated drops.
    Mir,
    /// What lives across which suspension.
    Liveness,
    /// Slots, overlays and states.
    Frame,
    /// The generated code.
    Rust,
}

impl Stage {
    /// All stages, in order.
    pub const ALL: [Stage; 6] =
        [Stage::Ast, Stage::Hir, Stage::Mir, Stage::Liveness, Stage::Frame, Stage::Rust];

    /// The name of the stage, as in the names of snapshots.
    pub fn name(self) -> &'static str {
        match self {
            Stage::Ast => "ast",
            Stage::Hir => "hir",
            Stage::Mir => "mir",
            Stage::Liveness => "liveness",
            Stage::Frame => "frame",
            Stage::Rust => "rust",
        }
    }
}

/// The text of one stage for a function under `#[coroutine(arguments)]`.
pub fn dump(
    arguments: TokenStream,
    item: TokenStream,
    stage: Stage,
) -> Result<String, Diagnostics> {
    let function: CoroutineFn = ast::parse(arguments, item).map_err(|error| error.diagnostics)?;
    let compilation = Compilation::run(&function)?;
    Ok(match stage {
        Stage::Ast => without_occurrences(&pretty_rust(codegen::resolved(&compilation.function))),
        Stage::Hir => hir::pretty(&compilation.function, &compilation.hir),
        Stage::Mir => mir::pretty(&compilation.mir),
        Stage::Liveness => compilation.analysis.pretty(&compilation.mir),
        Stage::Frame => compilation.layout.pretty(&compilation.mir),
        Stage::Rust => pretty_rust(codegen::emit(&compilation)),
    })
}

/// Text without the numbers of uses.
fn without_occurrences(text: &str) -> String {
    let mut parts = text.split("·use");
    let mut clean = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        clean.push_str(part.trim_start_matches(|c: char| c.is_ascii_digit()));
    }
    clean
}

/// Formats items as rustfmt would.
pub fn pretty_rust(tokens: TokenStream) -> String {
    match syn::parse2::<syn::File>(tokens.clone()) {
        Ok(file) => prettyplease::unparse(&file),
        Err(error) => format!("// {error}\n{tokens}\n"),
    }
}

/// Code on one line, with few spaces.
pub fn code(tokens: TokenStream) -> String {
    let mut text = String::new();
    append(tokens, &mut text);
    text.trim().to_owned()
}

fn append(tokens: TokenStream, text: &mut String) {
    let mut is_glued = true;
    for tree in tokens {
        let next = match &tree {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::Brace => (" { ", " }"),
                    Delimiter::None => ("", ""),
                };
                text.push_str(open);
                append(group.stream(), text);
                text.push_str(close);
                is_glued = false;
                continue;
            }
            TokenTree::Punct(punct) => {
                let is_spaced = !matches!(punct.as_char(), '.' | ',' | ';' | ':' | '?' | '!' | '&');
                if is_spaced && !is_glued {
                    text.push(' ');
                }
                text.push(punct.as_char());
                let is_joint = punct.spacing() == Spacing::Joint;
                is_glued = is_joint || matches!(punct.as_char(), '.' | '&' | '!' | '\'');
                if punct.as_char() == ':' && is_joint {
                    continue;
                }
                if punct.as_char() == ':' && text.ends_with("::") {
                    is_glued = true;
                }
                continue;
            }
            TokenTree::Ident(ident) => hir::without_occurrence(&ident.to_string()).to_owned(),
            TokenTree::Literal(literal) => literal.to_string(),
        };
        if !is_glued {
            text.push(' ');
        }
        text.push_str(&next);
        is_glued = false;
    }
}
