use coframe::Coroutine;

#[coframe::coroutine(yield = u32, resume = bool)]
fn count() {
    while suspend!(1) {}
}

fn main() {
    let mut frame = std::pin::pin!(count());
    frame.as_mut().resume(1);
}
