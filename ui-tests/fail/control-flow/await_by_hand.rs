async fn pause() {}

#[coframe::coroutine(yield = u32)]
fn count() {
    suspend!(1);
    pause().await;
}

fn main() {
    let _ = count();
}
