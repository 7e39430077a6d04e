use std::fmt::{Debug, Display};
use std::future::Future;

async fn pause() {}

#[coframe::coroutine]
async fn both<A: Display, B>(a: A, b: B) -> String
where
    B: Debug,
{
    let text = a.to_string();
    pause().await;
    format!("{text}{b:?}")
}

#[coframe::coroutine]
async fn array<const N: usize>(values: [u32; N]) -> u32 {
    let mut sum = 0;
    for value in values {
        pause().await;
        sum += value;
    }
    sum
}

#[coframe::coroutine]
async fn longest<'a>(left: &'a str, right: &'a str) -> &'a str {
    pause().await;
    if left.len() > right.len() { left } else { right }
}

#[coframe::coroutine]
async fn hidden(values: impl Iterator<Item = u32>, run: impl AsyncFn(u32) -> u32) -> u32 {
    let mut sum = 0;
    for value in values {
        sum += run(value).await;
    }
    sum
}

#[coframe::coroutine]
async fn nested<F: Future<Output = u32>>(future: F) -> u32 {
    let n = future.await;
    pause().await;
    n + array::<2>([1, 2]).await + "4".parse::<u32>().unwrap()
}

fn main() {
    assert_eq!(coframe::block_on(both::<&str, u32>("a", 1)), "a1");
    assert_eq!(coframe::block_on(array([1, 2, 3])), 6);
    assert_eq!(coframe::block_on(longest("a", "bc")), "bc");
    assert_eq!(coframe::block_on(hidden([1, 2].into_iter(), async |n| 2 * n)), 6);
    assert_eq!(coframe::block_on(nested(async { 1 })), 8);
}
