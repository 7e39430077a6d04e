#![allow(non_camel_case_types, dead_code)]

struct State(u32);
struct Frame(u32);
struct Slot(u32);
struct Activation(u32);
struct __RunFrame(u32);
struct __RunState(u32);
struct Poll(u32);
struct Context(u32);
struct Future(u32);
struct Pin(u32);

enum Option {
    Some(u32),
    None,
}

enum Result {
    Ok,
    Err,
}

mod core {}
mod std {}
mod __private {}

async fn pause() {}

#[coframe::coroutine]
async fn run(state: State, frame: Frame, slot: Slot) -> u32 {
    let option = Option::Some(1);
    let activation = Activation(2);
    let poll = (Poll(3), Context(4), Future(5), Pin(6));
    let ours = (__RunFrame(7), __RunState(8));
    pause().await;
    let option = match option {
        Option::Some(n) => {
            pause().await;
            n
        }
        Option::None => 0,
    };
    let result = if option == 1 { Result::Ok } else { Result::Err };
    for n in [1] {
        pause().await;
        assert!(n == 1 && matches!(result, Result::Ok));
    }
    let poll = poll.0.0 + poll.1.0 + poll.2.0 + poll.3.0 + ours.0.0 + ours.1.0;
    state.0 + frame.0 + slot.0 + option + activation.0 + poll
}

fn main() {
    assert!(coframe::block_on(run(State(1), Frame(2), Slot(3))) == 42);
}
