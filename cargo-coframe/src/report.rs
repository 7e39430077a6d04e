//! Builds the targets of a package so that the compiler says the layout of each frame.
//!
//! The attribute sees in `COFRAME_LAYOUT` which target is meant, and makes each coroutine of that an
//! error with the layout in its text. The build is one of its own, in `target/coframe`.

use std::process::Stdio;

use coframe_compiler::codegen::REPORT_VARIABLE;
use serde_json::Value;

use crate::package::{Package, Target, cargo};
use crate::{Outcome, Selection};

pub(crate) use coframe::frame::layout::Reported;

/// The layouts of all coroutines that are compiled in the selected targets, largest first.
pub(crate) fn collect(package: &Package, selection: &Selection) -> Outcome<Vec<Reported>> {
    let mut reported = Vec::new();
    for target in &package.targets {
        reported.extend(build(package, target, selection)?);
    }
    let key = |r: &Reported| {
        let line = r.layout.states.first().map_or(0, |state| state.line);
        (usize::MAX - r.layout.size, r.path, r.layout.name, r.layout.file, line)
    };
    reported.sort_by_key(key);
    reported.dedup_by_key(|r| key(r));
    Ok(reported)
}

fn build(package: &Package, target: &Target, selection: &Selection) -> Outcome<Vec<Reported>> {
    let kind = if target.kind == "lib" { "lib" } else { "bin" };
    let mut command = cargo();
    command.arg("rustc").arg("--manifest-path").arg(&package.manifest);
    command.args(["--package", &package.name, "--message-format=json"]);
    command.arg("--target-dir").arg(&package.build);
    match target.kind {
        "lib" => command.arg("--lib"),
        kind => command.args([&format!("--{kind}"), &target.name]),
    };
    for features in &selection.features {
        command.args(["--features", features]);
    }
    if selection.release {
        command.arg("--release");
    }
    // The lints of the crate are not asked for here; all functions are, whoever calls them.
    command.args(["--", "--cap-lints=allow", "--cfg=coframe_layout", "-Clink-dead-code=yes"]);
    command.env(REPORT_VARIABLE, format!("{kind}:{}", target.crate_name()));
    let output = command.stderr(Stdio::piped()).output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let (mut reported, mut errors) = (Vec::new(), Vec::new());
    for line in text.lines() {
        let Ok(message) = serde_json::from_str::<Value>(line) else { continue };
        let message = &message["message"];
        let said = message["message"].as_str().unwrap_or_default();
        if let Some(layout) = coframe::frame::layout::parse(said) {
            reported.push(layout);
        } else if message["level"] == "error" && !said.starts_with("aborting due to") {
            errors.push(message["rendered"].as_str().unwrap_or(said).to_owned());
        }
    }
    if !errors.is_empty() {
        let errors = errors.concat();
        return Err(format!("`{}` does not compile:\n{errors}", target.name).into());
    }
    if reported.is_empty() && !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).trim().to_owned().into());
    }
    Ok(reported)
}
