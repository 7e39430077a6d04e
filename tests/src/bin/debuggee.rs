//! What the debugger is pointed at: a coroutine that suspends twice.

use core::future::poll_fn;
use core::pin::pin;
use core::task::{Context, Poll, Waker};

/// Suspends once, and takes a step after that.
async fn pause(step: u32) -> u32 {
    let mut is_first = true;
    poll_fn(|_| match core::mem::take(&mut is_first) {
        true => Poll::Pending,
        false => Poll::Ready(()),
    })
    .await;
    step + 1
}

#[coframe::coroutine]
async fn bill(price: u32) -> u32 {
    let mut count = 1;
    let more = pause(1).await;
    count += more;
    let tip = pause(4).await;
    price * count + tip
}

fn main() {
    let mut frame = pin!(bill(20));
    let mut context = Context::from_waker(Waker::noop());
    let mut suspensions = 0;
    let total = loop {
        if let Poll::Ready(total) = frame.as_mut().poll(&mut context) {
            break total;
        }
        suspensions += 1;
    };
    println!("{total} after {suspensions} suspensions");
}
