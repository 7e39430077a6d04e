struct Pair {
    left: String,
    right: String,
}

async fn pause() {}

fn make() -> Pair {
    Pair { left: String::new(), right: String::new() }
}

#[coframe::coroutine]
async fn left() -> Option<String> {
    match make() {
        Pair { left, .. } if left.chars().next()? == 'a' => {
            pause().await;
            Some(left)
        }
        _ => None,
    }
}

fn main() {
    let _ = left();
    let _ = make().right;
}
