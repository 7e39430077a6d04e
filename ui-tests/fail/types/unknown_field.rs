struct Socket {
    port: u16,
}

async fn pause() {}

#[coframe::coroutine]
async fn run(socket: Socket) -> u16 {
    pause().await;
    socket.prot
}

fn main() {
    let _ = run(Socket { port: 1 });
}
