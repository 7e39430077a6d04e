use coframe::{Coroutine, CoroutineState};

async fn pause() {}

#[coframe::coroutines]
mod inside {
    #[coroutine]
    pub async fn run() -> u32 {
        super::pause().await;
        1
    }

    #[coroutine(yield = u32)]
    pub fn count() {
        suspend!(1);
    }
}

struct Counter(u32);

#[coframe::coroutines]
impl Counter {
    #[coroutine]
    async fn get(&self) -> u32 {
        pause().await;
        self.0
    }
}

fn main() {
    assert_eq!(coframe::block_on(inside::run()), 1);
    assert_eq!(coframe::block_on(Counter(2).get()), 2);
    let mut frame = std::pin::pin!(inside::count());
    assert_eq!(frame.as_mut().resume(()), CoroutineState::Yielded(1));
}
