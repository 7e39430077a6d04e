//! A pattern in a guard that suspends.

async fn next(n: u32) -> Option<u32> {
    n.checked_add(1)
}

#[coframe::coroutine]
async fn run(value: Option<u32>) -> u32 {
    match value {
        Some(n) if let Some(m) = next(n).await => m,
        _ => 0,
    }
}

fn main() {
    drop(run(None));
}
