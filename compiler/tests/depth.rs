//! Code that is nested deeply, and long bodies.

use coframe_compiler::expand;
use proc_macro2::TokenStream;

/// The expansion of `async fn` with a body, on a stack of the size that rustc has.
fn expansion_of(body: String) -> String {
    let expand_it = move || {
        let item: TokenStream = format!("async fn run() {{ {body} }}").parse().expect("tokens");
        expand(TokenStream::new(), item).to_string()
    };
    let thread = std::thread::Builder::new().stack_size(8 << 20).spawn(expand_it);
    thread.expect("a thread can be started").join().expect("no panic")
}

fn nested(open: &str, inner: &str, close: &str, levels: usize) -> String {
    format!("{}{inner}{}", open.repeat(levels), close.repeat(levels))
}

fn assert_expands(body: String) {
    let expansion = expansion_of(body);
    assert!(!expansion.contains("compile_error"), "{expansion}");
}

#[test]
fn two_hundred_levels_expand() {
    assert_expands(nested("{ x();", "pause().await;", "}", 200));
    assert_expands(nested("if x() { y().await;", "pause().await;", "}", 200));
    assert_expands(nested("call(", "pause().await", ")", 200));
    assert_expands(nested("|| ", "1; pause().await", "", 200));
    assert_expands(nested("match x() { 0 => {", "pause().await;", "} _ => {} }", 100));
    assert_expands(nested("loop { x().await;", "break;", "break; }", 100));
}

#[test]
fn what_is_nested_too_deeply_is_an_error() {
    for levels in [300, 3000] {
        let expansion = expansion_of(nested("{", "pause().await;", "}", levels));
        assert!(expansion.contains("nested at most"), "{levels} levels expand");
    }
}
