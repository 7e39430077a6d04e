#![allow(non_snake_case)]

async fn pause() {}

#[coframe::coroutine]
async fn run(Argument: u32) -> u32 {
    let Local = Argument;
    pause().await;
    Local
}

fn main() {
    assert_eq!(coframe::block_on(run(1)), 1);
}
