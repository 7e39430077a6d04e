//! Of a variable of which only parts are used, rustc captures these parts. The macro cannot tell
//! which types are captured whole.

fn main() {
    let pair = (String::from("a"), String::from("b"));
    drop(coframe::coroutine_block!(async move {
        std::future::ready(()).await;
        pair.0.len()
    }));
}
