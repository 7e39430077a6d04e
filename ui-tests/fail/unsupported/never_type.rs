//! The type of the result stands in `impl Future<Output = ..>`, where `!` is unstable.

#[coframe::coroutine]
async fn run() -> ! {
    loop {
        std::future::ready(()).await;
    }
}

fn main() {
    drop(run());
}
