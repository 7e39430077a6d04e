async fn pause() {}

#[coframe::coroutine]
async fn run(socket: Sokcet) -> Anwser {
    pause().await;
    socket.read()
}

fn main() {}
