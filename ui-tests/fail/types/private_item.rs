mod inner {
    pub struct Counter(u32);

    impl Counter {
        pub fn new() -> Self {
            Counter(1)
        }
    }
}

async fn pause() {}

#[coframe::coroutine]
async fn run() -> u32 {
    let counter = inner::Counter::new();
    pause().await;
    counter.0
}

fn main() {
    let _ = run();
}
