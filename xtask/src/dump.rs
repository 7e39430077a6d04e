//! Prints the stages of a function.

use std::fs;
use std::path::Path;

use coframe_compiler::annotated::{self, Annotated};
use coframe_compiler::diagnostics::Diagnostics;
use coframe_compiler::dump::{self, Stage};

use crate::Outcome;

/// The stage of a name.
pub(crate) fn stage(name: &str) -> Result<Stage, String> {
    let names: Vec<&str> = Stage::ALL.iter().map(|stage| stage.name()).collect();
    let unknown = || format!("expected one of {}", names.join(", "));
    Stage::ALL.into_iter().find(|stage| stage.name() == name).ok_or_else(unknown)
}

/// Prints one stage or all stages of the function `name` in a file.
pub(crate) fn dump(path: &Path, name: &str, stage: Option<Stage>) -> Outcome {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let function = annotated::find(&text, name)?;
    match stage {
        Some(stage) => print!("{}", render(&function, stage)?),
        None => {
            for stage in Stage::ALL {
                println!("==== {} ====\n{}", stage.name(), render(&function, stage)?);
            }
        }
    }
    Ok(())
}

/// The text of a stage; the messages of the macro if it rejects the function.
pub(crate) fn render(function: &Annotated, stage: Stage) -> Result<String, String> {
    dump::dump(function.arguments.clone(), function.item.clone(), stage).map_err(messages)
}

fn messages(diagnostics: Diagnostics) -> String {
    let messages: Vec<&str> = diagnostics.iter().map(|found| found.message()).collect();
    messages.join("\nerror: ")
}

#[cfg(test)]
mod tests {
    use coframe_compiler::dump::Stage;

    use super::{render, stage};
    use coframe_compiler::annotated::find;

    #[test]
    fn stages_are_known_by_name() {
        assert_eq!(stage("mir"), Ok(Stage::Mir));
        assert!(stage("lir").unwrap_err().contains("liveness"));
    }

    #[test]
    fn mistakes_are_told() {
        let function = find("#[coroutine] async fn f() { suspend!(1); }", "f").unwrap();
        assert!(render(&function, Stage::Mir).unwrap_err().contains("suspend!"));
    }
}
