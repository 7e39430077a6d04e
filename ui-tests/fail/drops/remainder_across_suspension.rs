struct Pair {
    left: String,
    right: String,
}

async fn pause() {}

fn make() -> Pair {
    Pair { left: String::new(), right: String::new() }
}

#[coframe::coroutine]
async fn left() -> String {
    match make() {
        Pair { left, .. } => {
            pause().await;
            left
        }
    }
}

fn main() {
    let _ = left();
    let _ = make().right;
}
