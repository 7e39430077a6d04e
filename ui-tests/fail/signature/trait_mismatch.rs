async fn pause() {}

trait Read {
    async fn read(&self) -> u32;
}

struct Socket;

impl Read for Socket {
    #[coframe::coroutine]
    async fn read(&self) -> u64 {
        pause().await;
        1
    }
}

fn main() {
    let _ = Socket.read();
}
