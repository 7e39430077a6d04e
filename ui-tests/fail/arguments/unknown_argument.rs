#[coframe::coroutine(yields = u32)]
async fn serve() {}

fn main() {
    let _ = serve();
}
