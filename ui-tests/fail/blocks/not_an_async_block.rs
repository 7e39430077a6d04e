//! The macro for a coroutine in an expression takes an `async` block, and nothing else.

fn main() {
    let x = String::from("x");
    let _ = coframe::coroutine_block!(move || x.len());
}
