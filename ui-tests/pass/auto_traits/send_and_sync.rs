use std::rc::Rc;

async fn pause() {}

#[coframe::coroutine]
async fn run(text: String) -> usize {
    let n = text.len();
    pause().await;
    n + text.len()
}

/// What is not sent does not live across a suspension.
#[coframe::coroutine]
async fn between() -> u32 {
    pause().await;
    let n = {
        let shared = Rc::new(1);
        *shared
    };
    pause().await;
    n
}

fn spawn<T: Send + 'static>(task: T) -> T {
    task
}

fn main() {
    assert_eq!(coframe::block_on(spawn(run("a".into()))), 2);
    assert_eq!(coframe::block_on(spawn(between())), 1);
}
