// The closure that the macro makes would have a pointer into the frame, where rustc's has the value.
macro_rules! later {
    ($text:expr) => {
        move || $text.len()
    };
}

#[coframe::coroutine]
async fn length() -> Box<dyn Fn() -> usize> {
    let text = String::from("text");
    coframe::suspend!();
    let make = || later!(text);
    coframe::suspend!();
    Box::new(make())
}

fn main() {
    let _ = length();
}
