struct Socket;

impl Socket {
    async fn read(&self) -> u32 {
        1
    }
}

#[coframe::coroutine]
async fn run(socket: Socket) {
    socket.raed().await;
    socket.read().await;
    socket.close();
}

fn main() {
    let _ = run(Socket);
}
