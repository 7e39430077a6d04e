//! Runs the cases in `fail/` and `pass/`.
//!
//! Under [`PINNED`], the one version of rustc whose words the `.stderr` files hold, the comparison
//! is exact. Under any other version the cases in `fail/` are copied, without their `.stderr`, to a
//! temporary folder, where `trybuild` only checks that each of them is rejected.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The version of rustc that the `.stderr` files were written with.
const PINNED: &str = "1.95.0";

/// Holds the folder of the cases to reject, in the process that runs `trybuild` on a copy of them.
const COPY: &str = "COFRAME_UI_TESTS_COPY";

#[test]
fn cases() {
    match env::var_os(COPY) {
        Some(copy) => run(Path::new(&copy)),
        None if rustc_version() == PINNED => run(Path::new("fail")),
        None => run_copy(),
    }
}

/// Rejected and accepted cases in one batch: one build for all.
fn run(rejected: &Path) {
    let cases = trybuild::TestCases::new();
    cases.compile_fail(rejected.join("*/*.rs").to_str().expect("the path is Unicode"));
    cases.pass("pass/*/*.rs");
}

/// Runs this test on a copy of the cases to reject, where `trybuild` may write what it likes.
fn run_copy() {
    let copy = Path::new(env!("CARGO_TARGET_TMPDIR")).join("rejected");
    copy_sources(Path::new("fail"), &copy).expect("the temporary folder is writable");
    let status = Command::new(env::current_exe().expect("the test has a path"))
        .args(["--exact", "cases", "--nocapture"])
        .env(COPY, &copy)
        .env("TRYBUILD", "overwrite")
        .status()
        .expect("the test can be run again");
    assert!(status.success(), "a case is not what its folder says");
}

/// Copies `from/<topic>/<case>.rs` to `to`, which is emptied first.
fn copy_sources(from: &Path, to: &Path) -> io::Result<()> {
    if to.exists() {
        fs::remove_dir_all(to)?;
    }
    for topic in entries(from)? {
        let copy = to.join(topic.file_name().expect("an entry has a name"));
        fs::create_dir_all(&copy)?;
        for case in entries(&topic)? {
            if case.extension().is_some_and(|extension| extension == "rs") {
                fs::copy(&case, copy.join(case.file_name().expect("an entry has a name")))?;
            }
        }
    }
    Ok(())
}

fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect()
}

/// The version of the compiler that `trybuild` uses, as in `1.95.0`.
fn rustc_version() -> String {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("--version").output().expect("rustc can be run");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.split_whitespace().nth(1).unwrap_or_default().to_owned()
}
