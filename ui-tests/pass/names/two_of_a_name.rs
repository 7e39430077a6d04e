mod first {
    #[coframe::coroutine]
    pub async fn run() -> u32 {
        super::pause().await;
        1
    }
}

mod second {
    #[coframe::coroutine]
    pub async fn run() -> u32 {
        super::pause().await;
        2
    }
}

async fn pause() {}

macro_rules! define {
    ($name:ident, $value:expr) => {
        #[coframe::coroutine]
        async fn $name() -> u32 {
            let value = $value;
            pause().await;
            value
        }
    };
}

define!(three, 3);
define!(four, 4);

fn main() {
    #[coframe::coroutine]
    async fn run() -> u32 {
        pause().await;
        first::run().await + second::run().await + three().await + four().await
    }
    assert_eq!(coframe::block_on(run()), 10);
}
