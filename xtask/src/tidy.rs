//! The rules for the files of this repository, each a test.

use std::collections::BTreeSet;
use std::path::Path;

use syn::visit::{self, Visit};
use syn::{ItemUse, UseTree};

use crate::diagnostics::{case, messages};
use crate::workspace::{self, files, stem};

/// The folders with Rust code that people write.
const CODE: &[&str] = &[
    "compiler",
    "macros",
    "runtime",
    "tests",
    "ui-tests",
    "examples/src",
    "random",
    "xtask",
    "benches",
    "firmware",
];

/// The passes of the compiler, in order: each imports only itself and those before it.
const PASSES: &[&str] = &["ast", "hir", "mir", "analysis", "transform", "frame", "codegen"];

/// Files that are too long, and known to be.
const LONG: &[&str] = &["tests/tests/differential_operands.rs"];

/// Panics with what breaks a rule.
#[track_caller]
fn expect_none(rule: &str, breaches: &[String]) {
    assert!(breaches.is_empty(), "{rule}:\n  {}", breaches.join("\n  "));
}

fn code_files() -> impl Iterator<Item = (String, String)> {
    CODE.iter().flat_map(|folder| files(folder, &["rs"])).map(|path| {
        let text = workspace::read(&path);
        (path.display().to_string(), text)
    })
}

#[test]
fn files_have_at_most_500_lines_of_code() {
    let is_code = |line: &&str| !line.trim().is_empty() && !line.trim().starts_with("//");
    let breaches: Vec<String> = code_files()
        .map(|(path, text)| (path, text.lines().filter(is_code).count()))
        .filter(|(path, lines)| *lines > 500 && !LONG.contains(&path.as_str()))
        .map(|(path, lines)| format!("{path}: {lines}"))
        .collect();
    expect_none("files have at most 500 lines of code", &breaches);
}

#[test]
fn code_is_finished() {
    let marker = concat!("to", "do!(");
    let breaches: Vec<String> = code_files()
        .filter(|(path, text)| !path.starts_with("ui-tests") && text.contains(marker))
        .map(|(path, _)| path)
        .collect();
    expect_none("code is finished", &breaches);
}

#[test]
fn files_are_named_for_what_they_hold() {
    let empty = ["util", "utils", "helper", "helpers", "common", "misc"];
    let breaches: Vec<String> = code_files()
        .map(|(path, _)| path)
        .filter(|path| {
            let mut parts = Path::new(path).components().map(|part| part.as_os_str());
            parts.any(|part| empty.contains(&stem(Path::new(part)).as_str()))
        })
        .collect();
    expect_none("files are named for what they hold", &breaches);
}

#[test]
fn unsafe_code_says_why_it_is_safe() {
    let mut breaches = Vec::new();
    for path in files("runtime/src", &["rs"]) {
        let text = workspace::read(&path);
        let lines: Vec<&str> = text.lines().collect();
        for (index, line) in lines.iter().enumerate().filter(|(_, line)| needs_reason(line)) {
            if !lines[index.saturating_sub(8)..index].iter().any(|line| line.contains("SAFETY:")) {
                breaches.push(format!("{}:{}: {}", path.display(), index + 1, line.trim()));
            }
        }
    }
    expect_none("unsafe code has a SAFETY comment above it", &breaches);
}

/// Whether a line begins an unsafe block or implementation.
fn needs_reason(line: &str) -> bool {
    let code = line.split("//").next().unwrap_or_default();
    code.contains("unsafe {") || code.trim_start().starts_with("unsafe impl")
}

#[test]
fn every_message_has_a_case() {
    let names = messages().into_iter().map(|message| message.name);
    let breaches: Vec<String> = names.filter(|name| case(name).is_none()).collect();
    expect_none("every message has a case of its name in ui-tests/fail", &breaches);
}

#[test]
fn cases_and_outputs_belong_together() {
    let without_extension = |extension: &str| -> BTreeSet<String> {
        let paths = files("ui-tests/fail", &[extension]).into_iter();
        paths.map(|path| path.with_extension("").display().to_string()).collect()
    };
    let (cases, outputs) = (without_extension("rs"), without_extension("stderr"));
    let breaches: Vec<String> = cases.symmetric_difference(&outputs).cloned().collect();
    expect_none("each case has its output and each output its case", &breaches);
}

#[test]
fn cases_have_names_of_their_own() {
    let mut names = BTreeSet::new();
    let cases = files("ui-tests/fail", &["rs"]).into_iter();
    let repeated = cases.map(|path| stem(&path)).filter(|name| !names.insert(name.clone()));
    let breaches: Vec<String> =
        repeated.filter(|name| messages().iter().any(|message| message.name == *name)).collect();
    expect_none("one case is named after each message", &breaches);
}

#[test]
fn files_name_no_place_on_a_machine() {
    let extensions = ["rs", "md", "toml", "stderr", "snap", "yml", "sh", "py"];
    let places = ["root", "work", "home"].map(|folder| format!("/{folder}/"));
    let breaches: Vec<String> = files("", &extensions)
        .into_iter()
        .filter(|path| {
            let text = workspace::read(path);
            places.iter().any(|place| text.contains(place.as_str()))
        })
        .map(|path| path.display().to_string())
        .collect();
    expect_none("files name no place on a machine", &breaches);
}

#[test]
fn passes_import_what_is_before_them() {
    let mut breaches = Vec::new();
    for (index, pass) in PASSES.iter().enumerate() {
        for path in files(&format!("compiler/src/{pass}"), &["rs"]) {
            let file = syn::parse_file(&workspace::read(&path)).expect("the compiler is Rust");
            let mut imports = Imports(BTreeSet::new());
            imports.visit_file(&file);
            let later = PASSES[index + 1..].iter().filter(|later| imports.0.contains(**later));
            breaches.extend(later.map(|later| format!("{}: {later}", path.display())));
        }
    }
    expect_none("passes import only what is before them", &breaches);
}

/// The modules of the crate that a file names after `crate::`.
struct Imports(BTreeSet<String>);

impl Imports {
    fn add(&mut self, tree: &UseTree) {
        match tree {
            UseTree::Path(path) => drop(self.0.insert(path.ident.to_string())),
            UseTree::Name(name) => drop(self.0.insert(name.ident.to_string())),
            UseTree::Rename(rename) => drop(self.0.insert(rename.ident.to_string())),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.add(tree)),
            _ => {}
        }
    }
}

impl<'ast> Visit<'ast> for Imports {
    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        if let UseTree::Path(path) = &item.tree
            && path.ident == "crate"
        {
            self.add(&path.tree);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let mut segments = path.segments.iter();
        if segments.next().is_some_and(|first| first.ident == "crate")
            && let Some(module) = segments.next()
        {
            self.0.insert(module.ident.to_string());
        }
        visit::visit_path(self, path);
    }
}
