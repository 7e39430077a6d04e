#[coframe::coroutine(yield = &'static str)]
fn count() {
    let text = String::from("text");
    suspend!(&text);
}

fn main() {
    let _ = count();
}
