#[coframe::coroutine]
async fn count() {
    suspend!(1);
}

fn main() {
    let _ = count();
}
