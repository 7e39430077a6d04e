//! Rustc captures nothing of a value that is ignored.

fn main() {
    let (text, pair) = (String::from("text"), (String::new(), 1));
    drop(coframe::coroutine_block!(async move {
        _ = text;
        std::future::ready(()).await;
    }));
    drop(coframe::coroutine_block!(async move {
        std::future::ready(()).await;
        matches!(pair, (_, 1))
    }));
}
