#[coframe::coroutine(max_frames = 64)]
async fn serve() {}

fn main() {
    let _ = serve();
}
