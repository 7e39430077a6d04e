// The closure would have a pointer into the frame, where rustc's has the value.
macro_rules! boxed {
    ($number:expr) => {
        Box::new(move || $number + 1)
    };
}

#[coframe::coroutine]
async fn later() -> Box<dyn Fn() -> u32> {
    let number = 1;
    coframe::suspend!();
    coframe::suspend!();
    boxed!(number)
}

fn main() {
    let _ = later();
}
