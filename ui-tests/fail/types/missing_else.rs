async fn number() -> u32 {
    1
}

#[coframe::coroutine]
async fn tail() -> u32 {
    if number().await == 1 {
        number().await
    }
}

#[coframe::coroutine]
async fn bound() {
    let a: u32 = if number().await == 1 {
        number().await
    };
    let b: u32 = match number().await {
        1 => {
            number().await;
        }
        _ => 4,
    };
    number().await;
    drop((a, b));
}

fn main() {
    drop((tail(), bound()));
}
