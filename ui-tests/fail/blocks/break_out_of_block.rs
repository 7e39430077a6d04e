//! `break` cannot leave a block that runs later.

fn main() {
    for _ in 0..3 {
        drop(coframe::coroutine_block!(async move {
            std::future::ready(()).await;
            break;
        }));
    }
}
