// The function has a lifetime that the others outlive, so it is generic in each of them.
async fn call(sum: impl AsyncFn(&u32, &u32) -> u32) -> u32 {
    let (one, other) = (1, 2);
    sum(&one, &other).await
}

#[coframe::coroutine]
async fn sum(one: &u32, other: &u32) -> u32 {
    coframe::suspend!();
    *one + *other
}

fn main() {
    let _ = call(sum);
}
