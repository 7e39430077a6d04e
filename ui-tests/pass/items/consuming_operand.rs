async fn pause() {}

struct Counter(u32);

impl Counter {
    async fn finish(self) -> u32 {
        self.0
    }
}

#[coframe::coroutine]
async fn run() -> u32 {
    let n = 1;
    let counter = Counter(n);
    pause().await;
    n + counter.finish().await
}

fn main() {
    assert_eq!(coframe::block_on(run()), 2);
}
