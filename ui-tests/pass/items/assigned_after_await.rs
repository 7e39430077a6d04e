async fn pause() {}

#[coframe::coroutine]
async fn run() -> u32 {
    let mut n: u32 = 0;
    pause().await;
    assert_eq!(n, 0);
    n = 1;
    n
}

#[coframe::coroutine]
async fn unread() -> u32 {
    let mut n: u32 = 0;
    pause().await;
    n = 1;
    n
}

fn main() {
    assert_eq!(coframe::block_on(run()), 1);
    assert_eq!(coframe::block_on(unread()), 1);
}
