//! Errors in the user's program: how they are collected and what they become.

mod catalog;
mod render;

use proc_macro2::{Span, TokenStream};

pub use catalog::*;

/// One mistake in the user's program, at one place.
#[derive(Debug)]
pub struct Diagnostic {
    first: Span,
    last: Span,
    message: String,
    notes: Vec<String>,
    help: Option<String>,
    /// Whether rustc reports it too, of the plain function that stands in for the coroutine.
    is_rustcs: bool,
}

impl Diagnostic {
    /// The sentence that says what is wrong.
    pub fn message(&self) -> &str {
        &self.message
    }
}

/// The mistakes that a pass found; at least one when it is returned as an error.
#[derive(Debug, Default)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// Adds a mistake.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Adds a mistake, if there is one.
    pub fn extend(&mut self, diagnostic: Option<Diagnostic>) {
        self.0.extend(diagnostic);
    }

    /// Adds mistakes that were found elsewhere.
    pub fn append(&mut self, others: Diagnostics) {
        self.0.extend(others.0);
    }

    /// Passes `value` on if there is no mistake.
    pub fn or_ok<T>(self, value: T) -> Result<T, Diagnostics> {
        if self.0.is_empty() { Ok(value) } else { Err(self) }
    }

    /// All mistakes.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.0.iter()
    }

    /// One `compile_error!` for each mistake.
    pub fn to_tokens(&self) -> TokenStream {
        self.0.iter().map(render::compile_error).collect()
    }

    /// One `compile_error!` for each mistake that rustc does not report of a plain function.
    pub fn beside_rustc(&self) -> TokenStream {
        self.0.iter().filter(|found| !found.is_rustcs).map(render::compile_error).collect()
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Diagnostics(vec![diagnostic])
    }
}

impl From<syn::Error> for Diagnostics {
    fn from(error: syn::Error) -> Self {
        Diagnostics(error.into_iter().map(|error| catalog::malformed(&error)).collect())
    }
}
