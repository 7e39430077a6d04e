#![no_std]
#![forbid(unsafe_code)]

use core::pin::pin;

use coframe::{Coroutine, CoroutineState};

#[coframe::coroutine(yield = u32)]
fn sum(numbers: &[u32]) -> u32 {
    let mut total = 0;
    for number in numbers {
        total += number;
        suspend!(total);
    }
    total
}

async fn pause() {}

#[coframe::coroutine]
async fn wait(text: Option<&str>) -> usize {
    pause().await;
    let Some(text) = text else { return 0 };
    pause().await;
    text.len()
}

const SIZE: usize = coframe::frame_size!(wait);

fn main() {
    let mut frame = pin!(sum(&[1, 2]));
    assert_eq!(frame.as_mut().resume(()), CoroutineState::Yielded(1));
    assert_eq!(frame.as_mut().resume(()), CoroutineState::Yielded(3));
    assert_eq!(frame.as_mut().resume(()), CoroutineState::Complete(3));
    assert!(SIZE > 0);
}
