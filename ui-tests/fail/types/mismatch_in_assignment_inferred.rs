async fn pause() {}

#[coframe::coroutine]
async fn run(mut count: u32) {
    let mut text = String::new();
    let (mut number, other) = (1u32, 2u32);
    pause().await;
    text = "one";
    number = text.as_str();
    count = pause().await;
    pause().await;
    drop((text, number, other, count));
}

fn main() {
    run(1);
}
