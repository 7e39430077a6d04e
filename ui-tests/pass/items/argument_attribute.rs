#![deny(warnings)]

async fn pause() {}

#[coframe::coroutine]
async fn run(#[allow(unused)] unused: u32) {
    pause().await;
}

fn main() {
    coframe::block_on(run(1));
}
