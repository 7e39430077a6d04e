fn helper() -> u32 {
    1
}

async fn pause() {}

#[coframe::coroutine]
async fn sum() -> u32 {
    let inner = {
        fn helper() -> u32 {
            2
        }
        pause().await;
        helper()
    };
    inner + helper()
}

fn main() {
    let _ = sum();
    let _ = helper();
}
