#[coframe::coroutine]
struct Connection {
    bytes: u64,
}

fn main() {
    let _ = Connection { bytes: 0 };
}
