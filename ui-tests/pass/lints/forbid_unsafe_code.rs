#![forbid(unsafe_code)]

use coframe::{Coroutine, CoroutineState};

async fn pause() {}

struct Loud(&'static str);

impl Drop for Loud {
    fn drop(&mut self) {
        println!("{}", self.0);
    }
}

#[coframe::coroutine]
async fn run(argument: Loud) -> usize {
    let mut text = String::from("text");
    let borrowed = &mut text;
    pause().await;
    borrowed.push('s');
    let loud = Loud("local");
    if borrowed.len() > 4 {
        drop(loud);
    }
    for n in 0..3 {
        pause().await;
        println!("{n}");
    }
    argument.0.len() + text.len()
}

#[coframe::coroutine(yield = u32, resume = bool)]
fn count() -> u32 {
    let mut n = 0;
    while suspend!(n) {
        n += 1;
    }
    n
}

fn main() {
    assert_eq!(coframe::block_on(run(Loud("argument"))), 13);
    let mut frame = std::pin::pin!(count());
    assert_eq!(frame.as_mut().resume(true), CoroutineState::Yielded(0));
    assert_eq!(frame.as_mut().resume(true), CoroutineState::Yielded(1));
    assert_eq!(frame.as_mut().resume(false), CoroutineState::Complete(1));
}
