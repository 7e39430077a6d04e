//! What is only called may be a function. A closure that is not `Copy` must be listed.

fn main() {
    let text = String::from("text");
    let length = move || text.len();
    drop(coframe::coroutine_block!(async move {
        std::future::ready(()).await;
        length()
    }));
}
