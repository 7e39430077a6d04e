use coframe::frame_layout;

async fn plain() {}

struct Server;

impl Server {
    #[coframe::coroutine]
    async fn serve(&self) {}
}

fn main() {
    let _ = frame_layout!(plain);
    let _ = frame_layout!(Server::serve);
}
