async fn next() -> Option<u32> {
    None
}

#[coframe::coroutine]
async fn run() -> bool {
    let found = (let Some(n) = next().await);
    found
}

fn main() {
    drop(run());
}
