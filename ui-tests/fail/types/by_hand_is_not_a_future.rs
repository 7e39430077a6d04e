#[coframe::coroutine(yield = u32)]
fn count() {
    suspend!(1);
}

#[coframe::coroutine]
async fn run() {
    count().await;
}

fn main() {
    let _ = run();
}
