use std::pin::Pin;
use std::sync::Arc;

async fn pause() {}

struct Counter {
    count: u32,
}

trait Count {
    fn count(&self) -> impl Future<Output = u32>;
    async fn twice(&self) -> u32;
}

impl Counter {
    const STEP: u32 = 2;

    #[coframe::coroutine]
    async fn advance(&mut self, by: u32) -> u32 {
        pause().await;
        self.count += by * Self::STEP;
        pause().await;
        self.count
    }

    #[coframe::coroutine]
    async fn finish(self) -> u32 {
        pause().await;
        self.count
    }

    #[coframe::coroutine]
    async fn shared(self: Arc<Self>) -> u32 {
        pause().await;
        self.count
    }

    #[coframe::coroutine]
    async fn pinned(self: Pin<&mut Self>) -> u32 {
        pause().await;
        self.count
    }

    #[coframe::coroutine]
    async fn make(count: u32) -> Self {
        pause().await;
        Self { count }
    }
}

impl Count for Counter {
    #[coframe::coroutine]
    async fn count(&self) -> u32 {
        pause().await;
        self.count
    }

    #[coframe::coroutine]
    async fn twice(&self) -> u32 {
        pause().await;
        2 * self.count().await
    }
}

#[coframe::coroutine]
async fn run() -> u32 {
    let mut counter = Counter::make(1).await;
    counter.advance(2).await;
    let twice = counter.twice().await;
    let pinned = Pin::new(&mut counter).pinned().await;
    let shared = Arc::new(Counter { count: 1 }).shared().await;
    let finished = Counter::finish(counter).await;
    twice + pinned + shared + finished
}

fn main() {
    assert_eq!(coframe::block_on(run()), 21);
}
