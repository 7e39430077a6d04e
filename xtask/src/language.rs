//! `docs/language.md`: every test that the page names must exist, and must be run.

use std::collections::BTreeSet;

use crate::workspace::{self, files, stem};

const PAGE: &str = "docs/language.md";

/// The heading of what does not work, which tests that are not run may show.
const NOT_SUPPORTED: &str = "## Not supported";

/// The names of the tests in `tests/tests`: those that are run, or those that are parked.
fn tests(is_parked: bool) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for path in files("tests/tests", &["rs"]) {
        let text = workspace::read(&path);
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        for window in lines.windows(3) {
            let name = match window[1] {
                "differential! {" => window[2].split(" =>").next(),
                "#[test]" => window[2].strip_prefix("fn ").and_then(|rest| rest.split('(').next()),
                _ => None,
            };
            if (window[0] == "#[cfg(any())]") == is_parked {
                names.extend(name.map(str::to_owned));
            }
        }
    }
    names
}

/// The names of the programs in folders of `ui-tests`.
fn cases(folders: &[&str]) -> BTreeSet<String> {
    let paths = folders.iter().flat_map(|folder| files(&format!("ui-tests/{folder}"), &["rs"]));
    paths.map(|path| stem(&path)).collect()
}

/// The names in the last column of a row of a table.
fn names(row: &str) -> Vec<&str> {
    let cells = row.trim().trim_matches('|');
    let last = cells.rsplit('|').next().unwrap_or_default();
    last.split('`').skip(1).step_by(2).collect()
}

/// What a part of the page names that is not among `known`.
fn unknown(part: &str, known: &BTreeSet<String>) -> Vec<String> {
    let rows = part.lines().filter(|line| line.starts_with("| ") && !line.ends_with("shown by |"));
    let breaches = rows.flat_map(|row| match names(row) {
        found if found.is_empty() => vec![format!("no test: {row}")],
        found => {
            let missing = found.into_iter().filter(|name| !known.contains(*name));
            missing.map(|name| format!("`{name}`: {row}")).collect()
        }
    });
    breaches.collect()
}

#[test]
fn every_test_on_the_page_exists() {
    let page = workspace::read(PAGE);
    let (works, refused) = page.split_once(NOT_SUPPORTED).expect("the page has both parts");
    let (mut run, mut parked) = (tests(false), tests(true));
    run.extend(cases(&["pass"]));
    parked.extend(cases(&["fail", "parked"]));
    let mut breaches = unknown(works, &run);
    breaches.extend(unknown(refused, &parked));
    assert!(
        breaches.is_empty(),
        "{PAGE} names tests that are not run:\n  {}",
        breaches.join("\n  ")
    );
}
