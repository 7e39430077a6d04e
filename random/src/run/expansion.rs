//! What the macro says about a program, without rustc.

use std::panic::{self, AssertUnwindSafe};

use coframe_compiler::{Compilation, ast, codegen};
use proc_macro2::TokenStream;

use crate::print;
use crate::program::Program;

use super::Verdict;

/// The verdict on a program that the macro does not expand.
pub(super) fn refusal(program: &Program) -> Option<Verdict> {
    let items = match print::items(program) {
        Ok(items) => items,
        Err(error) => return Some(Verdict::Rejected(format!("not Rust: {error}"))),
    };
    items.into_iter().find_map(refusal_of)
}

fn refusal_of(item: TokenStream) -> Option<Verdict> {
    match panic::catch_unwind(AssertUnwindSafe(|| message(item))) {
        Ok(message) => message.map(Verdict::Refused),
        Err(payload) => {
            let text = payload.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| payload.downcast_ref::<&str>().copied());
            Some(Verdict::Crashed(format!("the macro panics: {}", text.unwrap_or_default())))
        }
    }
}

/// The first message about a function.
fn message(item: TokenStream) -> Option<String> {
    let first = |text: Option<&str>| text.unwrap_or("no message").to_owned();
    match ast::parse(TokenStream::new(), item) {
        Ok(function) => match Compilation::run(&function) {
            Ok(compilation) => {
                codegen::emit(&compilation);
                None
            }
            Err(found) => Some(first(found.iter().next().map(|one| one.message()))),
        },
        Err(error) => Some(first(error.diagnostics.iter().next().map(|one| one.message()))),
    }
}
