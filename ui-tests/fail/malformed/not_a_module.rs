#[coframe::coroutines]
fn serve() {}

fn main() {
    serve();
}
