use std::rc::Rc;

async fn pause() {}

#[coframe::coroutine]
async fn run<T>(value: T) -> T {
    pause().await;
    value
}

fn spawn<T: Send>(_: T) {}

fn main() {
    spawn(run(Rc::new(1)));
}
