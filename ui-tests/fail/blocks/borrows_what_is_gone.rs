//! A block that borrows must not outlive what it borrows.

use std::future::Future;

fn block() -> impl Future<Output = usize> {
    let text = String::from("text");
    coframe::coroutine_block!(async {
        std::future::ready(()).await;
        text.len()
    })
}

fn main() {
    drop(block());
}
