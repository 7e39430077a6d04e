async fn number() -> u32 {
    1
}

#[coframe::coroutine]
async fn run() -> u32 {
    if number().await == 1 {
        return "one";
    }
    2
}

fn main() {
    let _ = run();
}
