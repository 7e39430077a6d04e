//! Writes everything anew that tests compare with.

use std::env;
use std::fs;
use std::process::Command;

use crate::{Outcome, diagnostics, expand, workspace};

/// Writes the snapshots of the stages, what rustc prints for the ui tests, and what is made of
/// both. Look at the difference before committing it.
pub(crate) fn bless() -> Outcome {
    bless_stages()?;
    bless_cases()?;
    expand::write()?;
    diagnostics::write()
}

/// Snapshots of fixtures that are gone disappear.
fn bless_stages() -> Outcome {
    for snapshot in workspace::files("compiler/tests/snapshots", &["snap", "new"]) {
        fs::remove_file(workspace::root().join(snapshot))?;
    }
    let update = [("INSTA_UPDATE", "always"), ("INSTA_FORCE_PASS", "1")];
    test(&["--package", "coframe-compiler", "--test", "stages"], &update)
}

/// Only under the version of rustc that `ui-tests/tests/cases.rs` names, others write a copy.
fn bless_cases() -> Outcome {
    for stderr in workspace::files("ui-tests/fail", &["stderr"]) {
        let stderr = workspace::root().join(stderr);
        if !stderr.with_extension("rs").exists() {
            fs::remove_file(stderr)?;
        }
    }
    test(&["--package", "coframe-ui-tests"], &[("TRYBUILD", "overwrite")])
}

/// Runs `cargo test` in the workspace.
fn test(arguments: &[&str], variables: &[(&str, &str)]) -> Outcome {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .current_dir(workspace::root())
        .arg("test")
        .args(arguments)
        .envs(variables.iter().copied())
        .status()?;
    match status.success() {
        true => Ok(()),
        false => Err(format!("`cargo test {}` failed", arguments.join(" ")).into()),
    }
}
