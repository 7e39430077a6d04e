async fn number() -> u32 {
    1
}

#[coframe::coroutine]
async fn run() -> u32 {
    loop {
        if number().await == 1 {
            break "one";
        }
    }
}

fn main() {
    let _ = run();
}
