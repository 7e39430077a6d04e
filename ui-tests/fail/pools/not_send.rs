use std::rc::Rc;

async fn pause() {}

#[coframe::coroutine]
async fn run(shared: Rc<u32>) -> u32 {
    pause().await;
    *shared
}

fn main() {
    let runtime = coframe::Runtime::new().unwrap();
    let frames = runtime.io().frames::<64>(1).unwrap();
    drop(frames.try_spawn(run(Rc::new(1))).unwrap());
}
