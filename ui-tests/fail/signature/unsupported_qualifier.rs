#[coframe::coroutine]
async unsafe fn run() {}

fn main() {}
