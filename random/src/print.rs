//! The text of both copies of a program.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::Item;

use crate::program::Program;

/// Which copy of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copy {
    /// rustc's.
    Plain,
    /// The one under the attribute.
    Machine,
}

impl Copy {
    fn attribute(self) -> &'static str {
        match self {
            Copy::Plain => "",
            Copy::Machine => "#[coframe::coroutine]",
        }
    }
}

/// The module of a copy.
pub fn module(program: &Program, copy: Copy) -> String {
    let mut text = String::from("#[allow(unused_imports)]\nuse coframe_random::vocabulary::*;\n");
    text.push_str(&functions(program, copy));
    let call = program.call.text("");
    text.push_str(&format!("pub fn run(run: &Run) {{ run.drive({call}); }}\n"));
    formatted(&text)
}

/// The functions of a program.
pub fn functions(program: &Program, copy: Copy) -> String {
    let texts = program.functions.iter().map(|function| function.text(copy.attribute()));
    formatted(&texts.collect::<String>())
}

/// What the attribute gets to see of each function.
pub fn items(program: &Program) -> Result<Vec<TokenStream>, syn::Error> {
    let file = syn::parse_file(&functions(program, Copy::Plain))?;
    Ok(file.items.iter().map(Item::to_token_stream).collect())
}

/// The text with line breaks; as it is, if it is not Rust.
fn formatted(text: &str) -> String {
    match syn::parse_file(text) {
        Ok(file) => prettyplease::unparse(&file),
        Err(_) => text.to_owned(),
    }
}
