//! The result of all passes as tokens.
//!
//! ```text
//! fn name(arguments) -> impl Future<Output = R> {
//!     enum State { .. }            state.rs       the states, each with the line it stands for
//!     struct Frame { .. }          frame.rs       slots and overlays; dropping a suspended frame
//!                                  sharing.rs     the slot of a callee that keeps the state
//!     impl Table for Frame { .. }  layout.rs      what the runtime knows of it, and `frame_layout!` reads
//!     struct Rooms { .. }          activation.rs  what one resume knows and the frame does not
//!     if false { witness }         witness.rs     the user's body, for the compiler's judgement
//!     machine(frame, |..| a step for each state, in a loop)  machine.rs, block.rs, code.rs
//! }
//! ```

/// `quote!` with hygienic names: what generated code declares cannot collide with what the user
/// named so.
macro_rules! emit {
    ($($tokens:tt)*) => {
        ::quote::quote_spanned!(::proc_macro2::Span::mixed_site()=> $($tokens)*)
    };
}

mod activation;
mod assigned;
mod at;
mod block;
mod callee;
mod captured;
mod closure;
mod code;
mod configured;
mod edition;
mod emitted;
mod fallback;
mod fill;
mod frame;
mod hold;
mod layout;
mod leftover;
mod lend;
mod lifetimes;
mod lints;
mod machine;
mod names;
mod parts;
mod report;
mod select;
mod sharing;
mod signature;
mod similar;
mod split;
mod state;
mod taken;
mod taking;
mod typed;
mod witness;

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};

use crate::Compilation;
use crate::ast::{self, CoroutineFn};

use crate::hir::original_names;
pub use configured::{check_configuration, configure, defer, deferred};
pub use fallback::{broken_block, broken_body, fallback, unsized_argument};
pub(crate) use names::Names;
pub use report::VARIABLE as REPORT_VARIABLE;
pub(crate) use report::original as reported_original;
pub(crate) use signature::spell_out_recursion;

/// The transformed function.
pub fn emit(compilation: &Compilation) -> TokenStream {
    let head = signature::emit(&compilation.function);
    let body = signature::hide(&compilation.function, emit_body(compilation));
    quote!(#head { #body })
}

/// The value of a transformed block.
pub fn emit_block(compilation: &Compilation) -> TokenStream {
    let body = emit_body(compilation);
    delimited(Delimiter::Brace, body, Span::mixed_site())
}

/// The body of the transformed function.
pub fn emit_body(compilation: &Compilation) -> TokenStream {
    let names = Names::new(compilation);
    let items = compilation.mir.items.iter().map(|item| original_names(item.to_token_stream()));
    let edition = edition::emit(compilation);
    let states = state::emit(compilation, &names);
    let frame = frame::emit(compilation, &names);
    let layout = layout::emit(compilation, &names);
    let limit = layout::limit(compilation, &names);
    let activation = activation::emit(compilation, &names);
    let assigned = assigned::declarations(compilation, &names);
    let witness = witness::emit(compilation, &names, &assigned);
    let captured = captured::emit(compilation);
    let plain = report::plain(compilation);
    let machine = machine::emit(compilation, &names, &assigned);
    let (private, lints) = (private(), lints::for_items());
    let body = emit! {
        #lints
        use ::coframe::__private as #private;
        #(#items)*
        #edition
        #states
        #frame
        #layout
        #limit
        #activation
        #captured
        #plain
        #witness
        #machine
    };
    match ast::has_marked_blocks(&compilation.function.body) {
        true => ast::unmark_blocks(body),
        false => body,
    }
}

/// The function with unique names, for the dump.
pub(crate) fn resolved(function: &CoroutineFn) -> TokenStream {
    let (signature, body) = (&function.signature, &function.body);
    quote!(#signature #body)
}

/// The module of the items that generated code may name, under the name it has inside of the
/// function.
fn private() -> Ident {
    private_at(Span::mixed_site())
}

/// The same module, located in the user's program: errors about what is called point there.
fn private_at(span: Span) -> Ident {
    Ident::new("__coframe", span)
}

/// Delimiters in the user's program around generated code. An expression is located where its
/// delimiters are: what the compiler finds wrong in it is the user's, and is reported once if the
/// witness has the same mistake at the same place.
fn delimited(delimiter: Delimiter, tokens: TokenStream, span: Span) -> TokenStream {
    let mut group = Group::new(delimiter, tokens);
    group.set_span(span);
    TokenTree::Group(group).into()
}

/// The token `unsafe`, which never carries the user's span: `#![forbid(unsafe_code)]` holds for
/// what the user wrote.
fn unsafe_token() -> TokenStream {
    let span = Span::mixed_site();
    quote_spanned!(span=> unsafe)
}
