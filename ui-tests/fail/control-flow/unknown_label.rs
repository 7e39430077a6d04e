async fn pause() {}

#[coframe::coroutine]
async fn run() {
    'outer: loop {
        pause().await;
        let run = || loop {
            break 'outer;
        };
        run();
    }
}

fn main() {
    let _ = run();
}
