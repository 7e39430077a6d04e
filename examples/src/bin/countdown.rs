//! A coroutine that is resumed by hand: no runtime, no executor, no heap.

use std::pin::pin;

use coframe::{Coroutine, CoroutineState, frame_size};

/// Counts down to the lift-off, unless it is resumed with `true`.
#[coframe::coroutine(yield = u32, resume = bool)]
fn countdown(from: u32) -> &'static str {
    for i in (1..=from).rev() {
        if suspend!(i) {
            return "aborted";
        }
    }
    "liftoff"
}

/// Counts from three and aborts when `abort_at` is reached.
fn run(abort_at: u32) -> &'static str {
    let mut frame = pin!(countdown(3));
    let mut abort = false; // the first value only starts it
    loop {
        match frame.as_mut().resume(abort) {
            CoroutineState::Yielded(i) => {
                println!("{i}");
                abort = i == abort_at;
            }
            CoroutineState::Complete(end) => return end,
        }
    }
}

fn main() {
    println!("frame: {} bytes", frame_size!(countdown));
    println!("{}", run(0));
    println!("{}", run(2));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_lifts_off_or_is_aborted() {
        assert_eq!(run(0), "liftoff");
        assert_eq!(run(2), "aborted");
    }

    #[test]
    fn each_step_is_a_value() {
        let mut frame = pin!(countdown(2));
        assert_eq!(frame.as_mut().resume(false), CoroutineState::Yielded(2));
        assert_eq!(frame.as_mut().resume(false), CoroutineState::Yielded(1));
        assert_eq!(frame.as_mut().resume(false), CoroutineState::Complete("liftoff"));
    }
}
