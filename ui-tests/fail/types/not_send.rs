use std::rc::Rc;

async fn pause() {}

#[coframe::coroutine]
async fn run() -> u32 {
    let shared = Rc::new(1);
    pause().await;
    *shared
}

fn spawn<T: Send>(_: T) {}

fn main() {
    spawn(run());
}
