//! A block is `Send` when what it holds across a suspension is.

use std::rc::Rc;

fn send(_: impl Send) {}

fn main() {
    let shared = Rc::new(1);
    send(coframe::coroutine_block!(async move {
        std::future::ready(()).await;
        *shared
    }));
}
