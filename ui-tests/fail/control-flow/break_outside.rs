async fn pause() {}

#[coframe::coroutine]
async fn run(enough: bool) {
    pause().await;
    if enough {
        break;
    }
    loop {
        continue 'outer;
    }
}

fn main() {
    let _ = run(true);
}
