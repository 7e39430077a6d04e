//! What a block may change of what it captures is declared where the variable is.

fn main() {
    let list = Vec::new();
    drop(coframe::coroutine_block!(async move {
        std::future::ready(()).await;
        list.push(1);
    }));
}
