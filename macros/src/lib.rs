//! The macros of coframe. Each is one call into `coframe-compiler`.
//!
//! Use them through the crate `coframe`: what they generate names that crate.
#![forbid(unsafe_code)]

use proc_macro::TokenStream;

/// Turns a function into a coroutine with an explicit frame.
///
/// Write it as `#[coframe::coroutine]`. The bare `#[coroutine]` is ambiguous on stable Rust, where
/// the compiler has an unstable attribute of that name (E0659, E0658), however it is imported.
/// Inside an item under [`#[coframe::coroutines]`](macro@coroutines) the bare form works.
///
/// # On an `async fn`
///
/// The function still returns `impl Future<Output = T>`, evaluates and drops the same things in the
/// same order, and compiles to the same program without the attribute. What changes is the
/// future: it is one struct, made of the values that are live across a suspension, with bytes shared
/// by those that are never live together. `.await` takes any `IntoFuture`. `suspend!()` returns
/// `Poll::Pending` once; somebody must have kept the waker.
///
/// # On a plain `fn`
///
/// The function returns `impl Coroutine<A, Yield = Y, Return = T>`, to be resumed by hand.
/// `suspend!(value)` gives `value` to whoever resumes, and evaluates to what is passed to the next
/// `resume`. The value of the first `resume` only starts the coroutine and is dropped.
///
/// | argument | meaning | default |
/// |---|---|---|
/// | `yield = Y` | the type of the values given to `suspend!` | `()` |
/// | `resume = A` | the type of the values that `suspend!` evaluates to | `()` |
///
/// # A limit for the frame
///
/// `max_frame = BYTES`, on both, fails the build if the frame is larger, with its size and its three
/// largest fields. `BYTES` is a constant expression of type `usize`. It is checked where the function
/// is compiled with all its types known, so `cargo check` does not see it.
///
/// # What is supported
///
/// Functions, methods and functions in implementations of traits; generics, lifetimes, `where`
/// clauses, constant generics and `impl Trait` arguments; patterns in arguments; and every
/// statement and expression of the language around a suspension point, with the exceptions below.
/// References to locals may be held across suspensions wherever an `async fn` allows that.
///
/// # Errors
///
/// Mistakes in types, moves and borrows are reported by the compiler in its own words, at the code
/// that was written. The attribute itself refuses, with one error each that says what to write
/// instead:
///
/// * `const fn`, `unsafe fn`, `extern fn` and variadic functions;
/// * a suspension inside the arguments of a macro that is not one of the standard library;
/// * `suspend!` inside a closure or an `async` block;
/// * `.await` in a plain `fn`, and `suspend!(value)` in an `async fn`;
/// * a temporary or a closure that would have to be kept across a suspension and cannot be.
///
/// # Not carried yet
///
/// Both are errors of the compiler (E0507) where an `async fn` compiles:
///
/// * moving a field out of a variable that is kept in the frame: destructure it with `let` instead;
/// * a method that takes such a variable by value, if its name does not tell and the coroutine may
///   suspend again before the variable's scope ends: write `{x}.method()` instead of `x.method()`.
///
/// # Recursion
///
/// `Box::pin(f(..)).await` in `f` works, for functions and methods, and so does
/// `io.spawn_local(f(..))`. The future can be sent if it could without that call. A box that is not
/// awaited where it is made, a call in an implementation of a trait, and functions that call each
/// other need a function that returns `Pin<Box<dyn Future>>`, as the type of a frame cannot contain
/// itself.
#[proc_macro_attribute]
pub fn coroutine(arguments: TokenStream, item: TokenStream) -> TokenStream {
    coframe_compiler::expand(arguments.into(), item.into()).into()
}

/// Turns an `async` block into a coroutine with an explicit frame: as `#[coframe::coroutine]`, in an
/// expression.
///
/// The value is a `Future` that evaluates and drops the same things in the same order as the block
/// alone; without the macro the program is the same. `return` and `?` end the block, `suspend!()`
/// suspends it, and the type of its result is inferred.
///
/// # What it captures
///
/// | block | what is captured |
/// |---|---|
/// | `async move { .. }` | the variables of the function around it, by value |
/// | `async { .. }` | the variables of the function around it, by shared reference |
/// | `[a, b] async { .. }` | `a` and `b` by value, and the others by shared reference |
///
/// A macro sees no variables but names. These are its rules, and what does not follow them is an
/// error while compiling, never a difference:
///
/// * A name in small letters that is used and not declared in an `async move` block is a variable.
///   A function may be named so as well, unless it is generic: write `self::function`.
/// * A name that is only called, `name(..)`, may be a function. If it is a closure that is not
///   `Copy`, list it: `coroutine_block!([name] async move { .. })`. The same is true of names that
///   stand only in the arguments of a macro that is not one of the standard library.
/// * Of a variable of which only fields are used, rustc captures these fields alone. If that makes a
///   difference to what is dropped when, give the fields names before the block, or list the
///   variable to capture all of it.
/// * To change a variable that is not moved, make a reference before the block:
///   `let count = &mut count;`.
/// * A block inside another coroutine has no list: write `let name = name;` in the block.
///
/// # Limits
///
/// * Those of [`#[coframe::coroutine]`](macro@coroutine), and no `#[cfg]` in the block.
/// * In a generic function, a reference to a local of a generic type that lives across a suspension
///   needs the type to outlive the future: where the block is returned as `impl Future`, put it into
///   a function under `#[coframe::coroutine]`, which sees to that.
#[proc_macro]
pub fn coroutine_block(tokens: TokenStream) -> TokenStream {
    coframe_compiler::expand_block(tokens.into()).into()
}

/// Lets the bare form `#[coroutine]` be used inside an inline `mod`, an `impl` or a `trait`.
///
/// Each `#[coroutine]` or `#[coroutine(..)]` in the item becomes `#[coframe::coroutine]`; nothing
/// else is changed. It takes no arguments.
#[proc_macro_attribute]
pub fn coroutines(_arguments: TokenStream, item: TokenStream) -> TokenStream {
    coframe_compiler::expand_inside(item.into()).into()
}

/// The second step of `#[coroutine]` on a function with `#[cfg]` in its body: a derive macro sees
/// its item with every `#[cfg]` evaluated. Not public.
#[doc(hidden)]
#[proc_macro_derive(Configured, attributes(coframe_arguments))]
pub fn configure(item: TokenStream) -> TokenStream {
    coframe_compiler::configure(item.into()).into()
}

/// Removes the item that the second step is derived for. Not public.
#[doc(hidden)]
#[proc_macro_attribute]
pub fn discard(_arguments: TokenStream, _item: TokenStream) -> TokenStream {
    TokenStream::new()
}

/// The last step of `#[coroutine]` on a function with `#[cfg]` in its body. Not public.
#[doc(hidden)]
#[proc_macro_attribute]
pub fn configured(arguments: TokenStream, item: TokenStream) -> TokenStream {
    coframe_compiler::expand_configured(arguments.into(), item.into()).into()
}
