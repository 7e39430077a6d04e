//! What a block captures is gone.

fn main() {
    let text = String::from("text");
    drop(coframe::coroutine_block!(async move {
        std::future::ready(()).await;
        text.len()
    }));
    println!("{text}");
}
