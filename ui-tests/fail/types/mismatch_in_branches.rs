async fn number() -> u32 {
    1
}

#[coframe::coroutine]
async fn run() -> u32 {
    let n: u32 = match number().await {
        0 => number().await,
        1 => "one",
        _ => 2,
    };
    if number().await == n {
        return match number().await {
            0 => number().await,
            _ => "two",
        };
    }
    'block: {
        if number().await == n {
            break 'block "three";
        }
        if number().await == n { number().await } else { "four" }
    }
}

fn main() {
    run();
}
