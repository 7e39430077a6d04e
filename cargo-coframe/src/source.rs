//! One function in the source of a package.

use std::fs;

use coframe_compiler::Compilation;
use coframe_compiler::annotated::{self, Annotated};
use coframe_compiler::ast;
use coframe_compiler::diagnostics::Diagnostics;
use coframe_compiler::dump::{self, Stage};

use crate::Outcome;
use crate::package::Package;

/// Finds the annotated function of a name: the first, if there are more.
pub(crate) fn find(package: &Package, name: &str) -> Outcome<Function> {
    let mut known = Vec::new();
    for path in package.sources() {
        let text = fs::read_to_string(&path)?;
        match annotated::find(&text, name) {
            Ok(annotated) => return Ok(Function { name: name.to_owned(), annotated }),
            Err(reason) => known.push(format!("{}: {reason}", path.display())),
        }
    }
    Err(format!("`{name}` is not found:\n  {}", known.join("\n  ")).into())
}

/// A function under the attribute.
pub(crate) struct Function {
    /// Its name.
    pub(crate) name: String,
    annotated: Annotated,
}

impl Function {
    /// What the attribute makes of it.
    pub(crate) fn expand(&self) -> Outcome<String> {
        let Annotated { arguments, item } = &self.annotated;
        Ok(dump::dump(arguments.clone(), item.clone(), Stage::Rust).map_err(said)?)
    }

    /// The result of all passes.
    pub(crate) fn compile(&self) -> Outcome<Compilation> {
        let Annotated { arguments, item } = &self.annotated;
        let function = ast::parse(arguments.clone(), item.clone());
        let function = function.map_err(|error| said(error.diagnostics))?;
        Ok(Compilation::run(&function).map_err(said)?)
    }
}

/// The messages of the attribute.
fn said(diagnostics: Diagnostics) -> String {
    let messages: Vec<&str> = diagnostics.iter().map(|found| found.message()).collect();
    messages.join("\nerror: ")
}
