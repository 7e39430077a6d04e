//! Blocks in a crate without warnings and without unsafe code.
#![forbid(unsafe_code)]
#![deny(warnings, clippy::all)]

use std::future::Future;

fn numbers(mut count: u32) -> impl Future<Output = Result<Vec<u32>, String>> + Send {
    let mut list = Vec::new();
    let text = String::from("7");
    coframe::coroutine_block!(async move {
        while count > 0 {
            list.push(count);
            count -= 1;
            std::future::ready(()).await;
        }
        list.push(text.parse().map_err(|_| "no number".to_owned())?);
        Ok(list)
    })
}

fn main() {
    assert_eq!(coframe::block_on(numbers(2)), Ok(vec![2, 1, 7]));
    let mut only_changed_inside = String::new();
    let length = coframe::coroutine_block!(async move {
        only_changed_inside.push('x');
        std::future::ready(()).await;
        only_changed_inside.push('y');
        only_changed_inside.len()
    });
    assert_eq!(coframe::block_on(length), 2);
    let shared = String::from("shared");
    let block = coframe::coroutine_block!(async {
        suspend_once().await;
        shared.len()
    });
    assert_eq!(coframe::block_on(block) + shared.len(), 12);
}

#[coframe::coroutine]
async fn suspend_once() {
    std::future::ready(()).await;
}
