async fn pause() {}

fn make() -> String {
    String::new()
}

fn is_empty(text: &str) -> bool {
    text.is_empty()
}

#[coframe::coroutine]
async fn run(other: bool) {
    match is_empty(&make()) && other {
        true => pause().await,
        false => {}
    }
}

fn main() {
    let _ = run(true);
}
