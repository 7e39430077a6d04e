struct Pair {
    left: u32,
    right: u32,
}

async fn number() -> u32 {
    1
}

#[coframe::coroutine]
async fn run() -> Pair {
    Pair { left: number().await, right: "2" }
}

fn main() {
    let pair = coframe::block_on(run());
    let _ = pair.left + pair.right;
}
