//! What a task may end with.

/// What the coroutine of a task may end with: `()`, or `!` if it never ends.
///
/// Nobody waits for a task, so a result would be lost: handle it in the coroutine.
#[diagnostic::on_unimplemented(
    message = "a task cannot end with `{Self}`, which nobody would receive",
    label = "expected a coroutine that ends with `()` or `!`",
    note = "handle the value inside of the coroutine, or send it through a channel"
)]
pub trait TaskOutput {}

impl TaskOutput for () {}

impl TaskOutput for <fn() -> ! as Returns>::Value {}

/// Names the type `!`, which cannot be written on stable Rust.
trait Returns {
    /// What the function returns.
    type Value;
}

impl<T> Returns for fn() -> T {
    type Value = T;
}
