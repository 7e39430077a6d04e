async fn pause() {}

async fn is_ready() -> bool {
    true
}

#[coframe::coroutine]
async fn run() {
    pause().await;
    suspend!(1);
    [1].iter().for_each(|_| suspend!());
}

#[coframe::coroutine]
async fn collect(lists: &mut [Vec<bool>]) {
    lists[0].push(is_ready().await);
    match lists[1].first() {
        Some(true) if let true = is_ready().await => {}
        _ => {}
    }
}

fn main() {
    let _ = run();
    let _ = collect(&mut []);
}
