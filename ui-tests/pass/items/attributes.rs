#![deny(warnings)]

async fn pause() {}

#[coframe::coroutine]
async fn small() -> u32 {
    pause().await;
    1
}

#[must_use = "it counts"]
#[inline]
#[doc(hidden)]
#[coframe::coroutine]
pub async fn documented(#[allow(unused)] _unused: u32) -> u32 {
    #[allow(unused_variables)]
    let unused = 1;
    pause().await;
    #[rustfmt::skip]
    let sum = small( ).await;
    sum
}

#[cfg(any())]
#[coframe::coroutine]
async fn absent() {
    missing().await;
}

#[coframe::coroutine]
#[expect(unused_variables)]
async fn expecting() {
    let unused = 1;
    pause().await;
}

fn main() {
    assert_eq!(coframe::block_on(documented(1)), 1);
    coframe::block_on(expecting());
}
