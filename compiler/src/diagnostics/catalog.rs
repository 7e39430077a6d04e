//! Every message the macro can emit: one constructor each, named after the mistake.

use proc_macro2::Span;
use quote::ToTokens;

use super::Diagnostic;

fn at(tokens: &impl ToTokens, message: impl Into<String>) -> Diagnostic {
    let mut spans = tokens.to_token_stream().into_iter().map(|tree| tree.span());
    let first = spans.next().unwrap_or_else(Span::call_site);
    let last = spans.last().unwrap_or(first);
    Diagnostic {
        first,
        last,
        message: message.into(),
        notes: Vec::new(),
        help: None,
        is_rustcs: false,
    }
}

impl Diagnostic {
    fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// The tokens are not what the grammar asks for.
pub fn malformed(error: &syn::Error) -> Diagnostic {
    let span = error.span();
    Diagnostic {
        first: span,
        last: span,
        message: error.to_string(),
        notes: Vec::new(),
        help: None,
        is_rustcs: false,
    }
}

/// The attribute stands on something that is not a function with a body.
pub fn not_a_function(tokens: &impl ToTokens) -> Diagnostic {
    at(tokens, "expected a function with a body")
        .help("put `#[coroutine]` on a `fn` or an `async fn`")
}

/// The macro for a coroutine in an expression is given something else than an `async` block.
pub fn not_an_async_block(tokens: &impl ToTokens) -> Diagnostic {
    at(tokens, "expected an `async` block").help("write `coroutine_block!(async move { .. })`")
}

/// A list of captures on a block inside a coroutine.
pub fn nested_capture_list(tokens: &impl ToTokens) -> Diagnostic {
    at(tokens, "a list of captures is not supported in a coroutine")
        .help("write `let name = name;` at the beginning of the `async move` block")
}

/// `#[cfg]` in a coroutine in an expression.
pub fn configured_block(tokens: &impl ToTokens) -> Diagnostic {
    at(tokens, "`#[cfg]` is not supported in a coroutine block")
        .help("move what depends on it to a function under `#[coframe::coroutine]`")
}

/// An argument of the attribute that does not exist.
pub fn unknown_argument(name: &syn::Ident) -> Diagnostic {
    at(name, format!("unknown argument `{name}`, expected one of `yield`, `resume`, `max_frame`"))
        .help(format!("remove `{name}`, or write one of these"))
}

/// An argument of the attribute that is given twice.
pub fn duplicate_argument(name: &syn::Ident) -> Diagnostic {
    at(name, format!("duplicate argument `{name}`")).help("remove one of the two")
}

/// An argument of the attribute that only a plain `fn` can have.
pub fn argument_needs_plain_fn(name: &str, tokens: &impl ToTokens) -> Diagnostic {
    at(tokens, format!("argument `{name}` must be on a plain `fn`"))
        .note("an `async fn` is resumed by polling, which passes no values")
        .help("remove `async`, or remove the argument")
}

/// A function qualifier that a coroutine cannot have.
pub fn unsupported_qualifier(tokens: &impl ToTokens, qualifier: &str) -> Diagnostic {
    at(tokens, format!("`{qualifier}` is not supported in a coroutine"))
        .help(format!("remove `{qualifier}`"))
}

/// `.await` in a coroutine that is resumed by hand.
pub fn await_by_hand(tokens: &impl ToTokens) -> Diagnostic {
    at(tokens, "`.await` must be in an `async fn`")
        .note("a plain `fn` under `#[coroutine]` is resumed by hand and has no waker to pass on")
        .help("write `async fn`, or resume the inner coroutine in a loop around `suspend!`")
}

/// A value given to `suspend!` in an `async fn`.
pub fn suspend_with_value(tokens: &impl ToTokens) -> Diagnostic {
    at(tokens, "cannot pass a value to `suspend!` in an `async fn`")
        .note("whoever polls a future gets no value from a suspension")
        .help("write `suspend!()`, or use a plain `fn` with `#[coroutine(yield = T)]`")
}

/// A suspension inside a macro whose syntax is not known.
pub fn suspend_in_unknown_macro(mac: &syn::Macro) -> Diagnostic {
    at(&mac.path, "cannot suspend inside the arguments of an unknown macro")
        .note("only the macros of the standard library can be seen through")
        .help("bind the value with `let` before the macro")
}

/// A construct around a suspension that the passes do not carry.
pub fn unsupported_around_suspension(tokens: &impl ToTokens, what: &str) -> Diagnostic {
    at(tokens, format!("{what} is not supported around a suspension point"))
        .help("bind the suspending part with `let` before it")
}

/// An expression kind that the passes do not know.
pub fn unsupported_expression(tokens: &impl ToTokens, what: &str) -> Diagnostic {
    at(tokens, format!("{what} is not supported in a coroutine"))
        .help("write a labelled block, a function of its own, or `suspend!`")
}

/// An item in a block that suspends, whose name means something else outside of the block.
pub fn item_in_suspending_block(name: &syn::Ident) -> Diagnostic {
    at(name, format!("`{name}` must be named differently from what is used outside of its block"))
        .note("an item in a block that suspends is seen in the whole coroutine")
        .help("give the item a name of its own, or move it to the beginning of the function")
}

/// `break` with a value out of something that is not a loop or labelled block of this function.
pub fn break_outside(tokens: &impl ToTokens) -> Diagnostic {
    let found = at(tokens, "expected a loop or labelled block around this");
    Diagnostic { is_rustcs: true, ..found }
}

/// `let` as an expression, where no condition is.
pub fn let_outside_condition(tokens: &impl ToTokens) -> Diagnostic {
    let found = at(tokens, "`let` must be in the condition of `if` or `while`");
    Diagnostic { is_rustcs: true, ..found }
}

/// The most suspension points that a coroutine can have.
pub const SUSPENSIONS_MAX: usize = 4096;

/// More suspension points than the analyses are made for.
pub fn too_many_suspensions(tokens: &impl ToTokens, found: usize) -> Diagnostic {
    let message = format!("a coroutine must have at most {SUSPENSIONS_MAX} suspension points");
    at(tokens, message).note(format!("this one has {found}")).help("split the function")
}

/// The most delimiters that code can be in, one inside of the other.
pub const NESTING_MAX: usize = 256;

/// Delimiters in each other, more than the compiler's stack has room for.
pub fn nested_too_deeply(group: &proc_macro2::Group) -> Diagnostic {
    at(group, format!("code must be nested at most {NESTING_MAX} levels deep"))
        .help("move what is inside to a function of its own")
}

/// `#[coroutines]` on something that holds no functions.
pub fn not_a_module(tokens: &impl ToTokens) -> Diagnostic {
    at(tokens, "expected an inline `mod`, an `impl` or a `trait`")
        .help("put `#[coroutines]` on the item around the functions")
}

/// `suspend!` in a closure or `async` block.
pub fn suspend_in_closure(tokens: &impl ToTokens) -> Diagnostic {
    at(tokens, "cannot suspend a coroutine from inside a closure")
        .help("move `suspend!` out of the closure")
}
