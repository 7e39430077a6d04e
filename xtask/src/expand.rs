//! The expansions of the examples, for people to read.

use std::fs;

use coframe_compiler::annotated;
use coframe_compiler::dump::Stage;

use crate::{Outcome, dump, workspace};

/// The functions whose expansion is kept: the example, and the function in it.
const EXPANDED: &[(&str, &str)] = &[("echo", "echo"), ("countdown", "countdown")];

/// Writes all expansions.
pub(crate) fn write() -> Outcome {
    for (example, function) in EXPANDED {
        fs::write(workspace::root().join(path(example)), expansion(example, function)?)?;
    }
    Ok(())
}

fn path(example: &str) -> String {
    format!("examples/expanded/{example}.rs")
}

/// What `#[coroutine]` makes of a function in an example.
fn expansion(example: &str, function: &str) -> Result<String, String> {
    let source = format!("examples/src/bin/{example}.rs");
    let annotated = annotated::find(&workspace::read(&source), function)?;
    let code = dump::render(&annotated, Stage::Rust)?;
    let head = format!("What `#[coframe::coroutine]` makes of `{function}` in `{source}`.");
    Ok(format!("// {head}\n// Written by `cargo xtask expand`.\n\n{code}"))
}

#[cfg(test)]
mod tests {
    use super::{EXPANDED, expansion, path};
    use crate::workspace;

    #[test]
    fn expansions_are_up_to_date() {
        for (example, function) in EXPANDED {
            let expected = expansion(example, function).unwrap();
            let is_current = workspace::read(path(example)) == expected;
            assert!(is_current, "{} is out of date: run `cargo xtask expand`", path(example));
        }
    }

    #[test]
    fn every_expansion_is_known() {
        for file in workspace::files("examples/expanded", &["rs"]) {
            let name = workspace::stem(&file);
            assert!(EXPANDED.iter().any(|(example, _)| *example == name), "{name} is left over");
        }
    }
}
