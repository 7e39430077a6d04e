#![deny(warnings)]
async fn number() -> u32 {
    1
}
#[coframe::coroutine]
pub async fn run() -> u32 {
    if number().await == 7 {
        return match number().await {
            0 => 1,
            _ => std::process::exit(1),
        };
    }
    let x: u32 = if number().await == 1 { number().await } else { std::process::exit(4) };
    if x == 8 {
        loop {
            if number().await == 8 {
                return std::process::exit(5);
            }
        }
    }
    match number().await {
        1 => 3,
        _ => loop {},
    }
}
#[coframe::coroutine]
pub async fn exit() -> u32 {
    number().await;
    std::process::exit(1)
}
#[coframe::coroutine]
pub async fn forever() -> u32 {
    loop {
        number().await;
    }
}
fn main() {
    drop(run());
    drop(exit());
    drop(forever())
}
