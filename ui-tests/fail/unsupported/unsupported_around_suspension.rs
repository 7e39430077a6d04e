async fn is_even(n: u32) -> bool {
    n % 2 == 0
}

#[coframe::coroutine]
async fn classify(n: u32) -> &'static str {
    match n {
        0 => "none",
        n if is_even(n).await => "even",
        _ => "odd",
    }
}

fn main() {
    let _ = classify(1);
}
