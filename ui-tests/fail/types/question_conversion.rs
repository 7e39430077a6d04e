#[derive(Debug)]
struct Failure;

async fn read() -> Result<u32, std::num::ParseIntError> {
    "1".parse()
}

#[coframe::coroutine]
async fn run() -> Result<u32, Failure> {
    let n = read().await?;
    read().await.map(|m| n + m).map_err(|_| Failure)
}

fn main() {
    let _ = run();
}
