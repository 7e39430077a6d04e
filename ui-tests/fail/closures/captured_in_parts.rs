//! A closure takes a field of a variable that lives across a suspension apart, and another field is
//! used later. The rest of the variable would stay where it is.

async fn pause() {}

#[coframe::coroutine]
async fn run() {
    let names = (String::from("first"), String::from("second"));
    pause().await;
    let length = move || match names.0 { ref first => first.len() };
    pause().await;
    println!("{} {}", length(), names.1);
}

fn main() {
    let _ = coframe::block_on(run());
}
