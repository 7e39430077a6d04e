//! Type-checks the runtime for systems that the tests do not run on.

use std::process::Command;

use crate::toolchain::Toolchain;
use crate::{Outcome, workspace};

/// The systems with a kqueue: one for each kind.
const TARGETS: [&str; 2] = ["x86_64-unknown-freebsd", "aarch64-apple-darwin"];

/// Checks all targets that there is a compiler for, and this system with libkqueue.
pub(crate) fn check() -> Outcome {
    for target in TARGETS {
        match Toolchain::find(target) {
            Ok(toolchain) => check_target(toolchain, target)?,
            Err(reason) => println!("{target}: skipped: {reason}"),
        }
    }
    check_libkqueue()
}

fn check_target(toolchain: Toolchain, target: &str) -> Outcome {
    let mut cargo = toolchain.cargo("check", "std,panic_abort");
    let folder = toolchain.folder(&workspace::root().join("target/targets"));
    cargo.args(["--target", target, "--target-dir"]).arg(folder);
    expect_silence(cargo)?;
    println!("{target}: checked by {toolchain}");
    Ok(())
}

/// The library is needed to link a program, not to check one.
fn check_libkqueue() -> Outcome {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    let mut cargo = Toolchain::Rustup.cargo("check", "");
    cargo.env("RUSTFLAGS", "--cfg coframe_libkqueue");
    cargo.arg("--target-dir").arg(workspace::root().join("target/libkqueue"));
    expect_silence(cargo)?;
    println!("Linux with libkqueue: checked");
    Ok(())
}

/// Runs a check of the runtime, and takes warnings for errors. The libraries of the target may have
/// some.
fn expect_silence(mut cargo: Command) -> Outcome {
    let output =
        cargo.args(["-p", "coframe", "--locked"]).current_dir(workspace::root()).output()?;
    let printed = String::from_utf8_lossy(&output.stderr);
    if output.status.success() && !printed.contains("warning: `coframe`") {
        return Ok(());
    }
    Err(format!("{printed}\n{cargo:?} has errors or warnings").into())
}
