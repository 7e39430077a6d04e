#![deny(nonstandard_style)]

async fn pause() {}

#[coframe::coroutine]
async fn Run(Argument: u32) -> u32 {
    let Local = Argument;
    pause().await;
    Local
}

fn main() {
    let _ = Run(1);
}
