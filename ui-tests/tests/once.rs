//! Mistakes in coroutines are reported as those in plain functions are: the same errors, once, in
//! the same lines.
//!
//! Each function in `once/` is a mistake. It is compiled twice, with `#[coframe::coroutine]` and
//! without, each time behind `once/prelude.rs`. The words may differ, the errors may not. Errors
//! that look the same count once, as cargo prints them once.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread;

use coframe_random::run::Toolchain;
use serde_json::Value;
use syn::spanned::Spanned;

/// Mistakes that the macro makes more of, for now. One that is mended is to be taken off the list.
const KNOWN: &[&str] = &[
    "lifetime_return",
    "move_match_ref",
    "not_mut_ref",
    "num_lit_call",
    "num_lit_call_assigned",
    "op_or",
    "op_str_add",
    "return_local_ref",
    "use_after_move_method",
];

/// A mistake: the function's name and text.
type Mistake = (String, String);

/// An error: its code, and the line it is in.
type Found = (String, u64);

#[test]
fn mistakes_are_reported_once() -> Result<(), Box<dyn Error>> {
    let toolchain = Toolchain::build()?;
    let mistakes = Mutex::new(mistakes()?);
    let different = Mutex::new(BTreeMap::new());
    let workers = thread::available_parallelism()?.get();
    thread::scope(|scope| {
        let work = |number: usize| {
            let folder = toolchain.process_folder().join(format!("once{number}"));
            while let Some((name, text)) = take(&mistakes) {
                let found = |attribute: &str| errors(&toolchain, &folder, attribute, &text);
                let (plain, coroutine) =
                    (found("#[allow(unused)]"), found("#[coframe::coroutine]"));
                assert!(!plain.is_empty(), "rustc accepts `{name}`");
                if plain != coroutine {
                    let difference = format!("{plain:?} became {coroutine:?}");
                    different.lock().expect("no worker panics").insert(name, difference);
                }
            }
        };
        let workers: Vec<_> =
            (0..workers).map(|number| scope.spawn(move || work(number))).collect();
        workers.into_iter().for_each(|worker| worker.join().expect("a mistake can be compiled"));
    });
    fs::remove_dir_all(toolchain.process_folder())?;
    let different = different.into_inner()?;
    let names: Vec<&str> = different.keys().map(String::as_str).collect();
    assert_eq!(names, KNOWN, "{different:#?}");
    Ok(())
}

fn take(mistakes: &Mutex<Vec<Mistake>>) -> Option<Mistake> {
    mistakes.lock().expect("no worker panics").pop()
}

/// All functions in `once/`.
fn mistakes() -> Result<Vec<Mistake>, Box<dyn Error>> {
    let mut mistakes = Vec::new();
    for entry in fs::read_dir("once")? {
        let path: PathBuf = entry?.path();
        if path.ends_with("prelude.rs") {
            continue;
        }
        let text = fs::read_to_string(path)?;
        let lines: Vec<&str> = text.lines().collect();
        for item in syn::parse_file(&text)?.items {
            let syn::Item::Fn(function) = &item else { return Err("only functions".into()) };
            let (first, last) = (item.span().start().line, item.span().end().line);
            mistakes.push((function.sig.ident.to_string(), lines[first - 1..last].join("\n")));
        }
    }
    Ok(mistakes)
}

/// The errors in a function with an attribute, in order.
fn errors(toolchain: &Toolchain, folder: &Path, attribute: &str, text: &str) -> Vec<Found> {
    let source = format!("{}\n{attribute}\n{text}\n", include_str!("../once/prelude.rs"));
    fs::create_dir_all(folder).expect("the target folder is writable");
    fs::write(folder.join("main.rs"), source).expect("the target folder is writable");
    let mut command = toolchain.compile(folder);
    let output = command.arg("--emit=metadata").output().expect("rustc can be run");
    let messages = String::from_utf8_lossy(&output.stderr).into_owned();
    let errors: BTreeSet<(Found, String)> = messages.lines().filter_map(error).collect();
    errors.into_iter().map(|(found, _)| found).collect()
}

/// The error in a line of rustc's output, and how it looks.
fn error(line: &str) -> Option<(Found, String)> {
    let message: Value = serde_json::from_str(line).ok()?;
    let spans = message["spans"].as_array()?;
    let at = spans.iter().find(|span| span["is_primary"] == true)?;
    let code = message["code"]["code"].as_str().unwrap_or("no code").to_owned();
    (message["level"] == "error").then_some(())?;
    let text = message["rendered"].as_str()?.to_owned();
    Some(((code, at["line_start"].as_u64()?), text))
}
