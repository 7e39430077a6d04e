#[coframe::coroutine]
async fn hidden() -> impl Send {
    1
}

fn main() {
    let _ = hidden();
}
