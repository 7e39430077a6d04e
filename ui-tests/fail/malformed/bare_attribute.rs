use coframe::coroutine;

#[coroutine]
async fn serve() {}

fn main() {}
