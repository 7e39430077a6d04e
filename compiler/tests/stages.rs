//! The text of every stage for every fixture, compared with a snapshot.
//!
//! A fixture is `fixtures/<topic>/<case>.rs`: one function as its user writes it, with the
//! attribute. The snapshot of a stage is `snapshots/<topic>__<case>@<stage>.snap`, so a change in
//! one pass shows in the files of its stage and of the stages after it. `cargo xtask bless` writes
//! them anew.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use coframe_compiler::dump::{self, Stage};
use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{ItemFn, Meta};

#[test]
fn ast() {
    check(Stage::Ast);
}

#[test]
fn hir() {
    check(Stage::Hir);
}

#[test]
fn mir() {
    check(Stage::Mir);
}

#[test]
fn liveness() {
    check(Stage::Liveness);
}

#[test]
fn frame() {
    check(Stage::Frame);
}

#[test]
fn rust() {
    check(Stage::Rust);
}

/// The expansion is a file of items without `compile_error!`.
#[test]
fn fixtures_expand_to_items() {
    for fixture in Fixture::all() {
        let (arguments, item) = fixture.tokens();
        let expansion = coframe_compiler::expand(arguments, item);
        let text = expansion.to_string();
        assert!(!text.contains("compile_error"), "{} has errors:\n{text}", fixture.name);
        if let Err(error) = syn::parse2::<syn::File>(expansion) {
            panic!("the expansion of {} is not a file of items: {error}", fixture.name);
        }
    }
}

/// Expanding is a function of the tokens alone.
#[test]
fn expansion_is_deterministic() {
    for fixture in Fixture::all() {
        for stage in Stage::ALL {
            assert_eq!(fixture.dump(stage), fixture.dump(stage), "{}", fixture.name);
        }
    }
}

/// Each snapshot belongs to a fixture.
#[test]
fn no_snapshot_is_left_over() {
    let expected = |fixture: &Fixture| {
        Stage::ALL.map(|stage| format!("{}@{}.snap", fixture.name, stage.name()))
    };
    let expected: Vec<String> = Fixture::all().iter().flat_map(expected).collect();
    for path in entries(&folder("snapshots")) {
        let name = path.file_name().expect("an entry has a name").to_string_lossy();
        let is_known = name.ends_with(".snap.new") || expected.iter().any(|known| *known == name);
        assert!(is_known, "{name} belongs to no fixture");
    }
}

/// Compares one stage of all fixtures, and names those that differ.
fn check(stage: Stage) {
    let differs = |fixture: &Fixture| {
        let compare = AssertUnwindSafe(|| fixture.compare(stage));
        catch_unwind(compare).is_err()
    };
    let all = Fixture::all();
    let different: Vec<&str> =
        all.iter().filter(|fixture| differs(fixture)).map(|fixture| &*fixture.name).collect();
    assert!(different.is_empty(), "`{}` differs for {different:?}", stage.name());
}

/// One annotated function.
struct Fixture {
    /// `<topic>__<case>`.
    name: String,
    text: String,
}

impl Fixture {
    /// All fixtures, in the order of their names.
    fn all() -> Vec<Self> {
        let topics = entries(&folder("fixtures")).into_iter();
        let fixtures: Vec<Self> =
            topics.flat_map(|topic| entries(&topic)).map(|path| Fixture::read(&path)).collect();
        assert!(!fixtures.is_empty(), "there are fixtures");
        fixtures
    }

    fn read(path: &Path) -> Self {
        let topic = path.parent().and_then(Path::file_name).expect("a case is in a topic");
        let case = path.file_stem().expect("a case has a name");
        let name = format!("{}__{}", topic.to_string_lossy(), case.to_string_lossy());
        let text = fs::read_to_string(path).expect("a fixture is text");
        Fixture { name, text }
    }

    /// The arguments of the attribute, and the function without it.
    fn tokens(&self) -> (TokenStream, TokenStream) {
        let mut function: ItemFn = syn::parse_str(&self.text)
            .unwrap_or_else(|error| panic!("{} is not a function: {error}", self.name));
        assert_eq!(function.attrs.len(), 1, "{} has the attribute and no other", self.name);
        let arguments = match function.attrs.remove(0).meta {
            Meta::List(list) => list.tokens,
            _ => TokenStream::new(),
        };
        (arguments, function.into_token_stream())
    }

    fn dump(&self, stage: Stage) -> String {
        let (arguments, item) = self.tokens();
        dump::dump(arguments, item, stage).unwrap_or_else(|diagnostics| {
            let messages: Vec<&str> = diagnostics.iter().map(|found| found.message()).collect();
            panic!("{} is rejected: {messages:?}", self.name)
        })
    }

    fn compare(&self, stage: Stage) {
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("snapshots");
        settings.set_snapshot_suffix(stage.name());
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(self.name.as_str(), self.dump(stage)));
    }
}

/// A folder of these tests.
fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

/// What is in a folder, in the order of the names.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{folder:?}: {error}"));
    let mut paths: Vec<PathBuf> =
        entries.map(|entry| entry.expect("a folder can be read").path()).collect();
    paths.sort();
    paths
}
