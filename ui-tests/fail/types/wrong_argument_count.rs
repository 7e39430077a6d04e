async fn add(a: u32, b: u32) -> u32 {
    a + b
}

fn double(n: u32) -> u32 {
    2 * n
}

#[coframe::coroutine]
async fn run() -> u32 {
    add(1).await + double(1, 2)
}

fn main() {
    let _ = run();
}
