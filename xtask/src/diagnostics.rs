//! `docs/diagnostics.md`: every message of the macro, with the ui test that shows it.

use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use syn::{Attribute, Expr, ExprLit, Item, ItemFn, Lit, Meta, Visibility};

use crate::{Outcome, workspace};

const CATALOG: &str = "compiler/src/diagnostics/catalog.rs";
const PAGE: &str = "docs/diagnostics.md";

const HEAD: &str = "\
# Diagnostics

Every message of `#[coframe::coroutine]`, in the order of the catalogue, each with a program that gets it and what rustc prints for it.
Mistakes in types, moves and borrows are reported by rustc itself, in its own words.
`cargo xtask diagnostics` writes this page from `compiler/src/diagnostics/catalog.rs` and `ui-tests/fail`.
";

/// One message the macro can emit.
#[derive(Debug)]
pub(crate) struct Message {
    /// The name of its constructor, and of the ui test that shows it.
    pub(crate) name: String,
    /// What the mistake is.
    summary: String,
}

/// Writes the page.
pub(crate) fn write() -> Outcome {
    fs::write(workspace::root().join(PAGE), page()).map_err(Into::into)
}

/// All messages, in the order of the catalogue.
pub(crate) fn messages() -> Vec<Message> {
    let catalog = syn::parse_file(&workspace::read(CATALOG)).expect("the catalogue is Rust");
    let messages = catalog.items.iter().filter_map(|item| match item {
        Item::Fn(function) if matches!(function.vis, Visibility::Public(_)) => {
            Some(Message { name: function.sig.ident.to_string(), summary: summary(function) })
        }
        _ => None,
    });
    messages.collect()
}

/// The documentation of a constructor.
fn summary(function: &ItemFn) -> String {
    let lines: Vec<String> = function.attrs.iter().filter_map(doc_line).collect();
    lines.join("\n")
}

fn doc_line(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(pair) = &attribute.meta else { return None };
    let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = &pair.value else { return None };
    pair.path.is_ident("doc").then(|| text.value().trim().to_owned())
}

/// The ui test that shows a message.
pub(crate) fn case(name: &str) -> Option<PathBuf> {
    let mut cases = workspace::files("ui-tests/fail", &["rs"]).into_iter();
    cases.find(|case| workspace::stem(case) == name)
}

fn page() -> String {
    let mut page = HEAD.to_owned();
    for message in messages() {
        let Message { name, summary } = &message;
        let _ = write!(page, "\n## `{name}`\n\n{summary}\n");
        if let Some(case) = case(name) {
            let source = workspace::read(&case);
            let source = excerpt(&source);
            let output = workspace::read(case.with_extension("stderr"));
            let _ =
                write!(page, "\n```rust\n{source}\n```\n\n```text\n{}\n```\n", output.trim_end());
        }
    }
    page
}

/// A ui test without its `main`.
fn excerpt(source: &str) -> &str {
    source.split("\nfn main()").next().unwrap_or_default().trim_end()
}

#[cfg(test)]
mod tests {
    use super::{PAGE, page};
    use crate::workspace;

    #[test]
    fn the_page_is_up_to_date() {
        let is_current = workspace::read(PAGE) == page();
        assert!(is_current, "{PAGE} is out of date: run `cargo xtask diagnostics`");
    }
}
