async fn read() -> Result<u32, ()> {
    Ok(1)
}

#[coframe::coroutine]
async fn run() {
    read().await?;
}

fn main() {
    let _ = run();
}
