#![deny(unused_must_use)]

async fn pause() {}

#[coframe::coroutine]
async fn run() {
    fallible();
    pause();
    pause().await;
    awaited().await;
}

async fn awaited() -> Result<(), ()> {
    Ok(())
}

fn fallible() -> Result<(), ()> {
    Ok(())
}

fn main() {
    let _ = run();
}
