use ::coframe::{Coroutine, CoroutineState};

async fn pause() {}

fn live() -> u32 {
    1
}

#[coframe::coroutine]
async fn run(frame: u32, context: u32, value: u32) -> u32 {
    let state = 1;
    let machine = 2;
    let witness = 3;
    let slot = 4;
    pause().await;
    let residual = live();
    let future = pause();
    let given = 5;
    future.await;
    let operand = 6;
    let iter = 7;
    for iter in [iter] {
        pause().await;
        assert_eq!(iter, 7);
    }
    let this = frame + context + value;
    let activation = state + machine + witness + slot + residual + given + operand + iter;
    pause().await;
    this + activation
}

#[coframe::coroutine(yield = u32, resume = u32)]
fn by_hand(given: u32, frame: u32) -> u32 {
    let value = suspend!(given);
    let live = suspend!(frame);
    value + live
}

fn main() {
    assert_eq!(coframe::block_on(run(1, 2, 3)), 35);
    let mut value = std::pin::pin!(by_hand(1, 2));
    assert_eq!(value.as_mut().resume(0), CoroutineState::Yielded(1));
    assert_eq!(value.as_mut().resume(3), CoroutineState::Yielded(2));
    assert_eq!(value.as_mut().resume(4), CoroutineState::Complete(7));
}
