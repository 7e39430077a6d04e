//! A list of captures cannot be carried into another coroutine.

#[coframe::coroutine]
async fn outer() -> usize {
    let text = String::from("text");
    let length = move || text.len();
    coframe::coroutine_block!([length] async move { length() }).await
}

fn main() {
    drop(outer());
}
