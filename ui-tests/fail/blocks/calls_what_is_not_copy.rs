//! What is only called may be a function. A closure that is not `Copy` must be listed.

use std::collections::BTreeMap;

/// The type's name is long so that rustc's text, whose lines are broken by the length of types and
/// of paths together, is the same wherever this file is.
type Tables = BTreeMap<String, BTreeMap<u64, Vec<String>>>;

fn main() {
    let tables = Tables::new();
    let length = move || tables.len();
    drop(coframe::coroutine_block!(async move {
        std::future::ready(()).await;
        length()
    }));
}
