use std::future::ready;

const LIMIT: usize = 512;

#[coframe::coroutine(max_frame = LIMIT)]
async fn serve(socket: u64, buffer: [u8; 1024]) -> u8 {
    let header = [0u8; 16];
    ready(&header).await;
    buffer[socket as usize]
}

struct Server;

impl Server {
    #[coframe::coroutine(max_frame = 100)]
    async fn serve<T>(&self, value: [T; 100]) -> usize {
        ready(()).await;
        value.len()
    }
}

#[coframe::coroutine(max_frame = 2048)]
async fn small() -> u8 {
    serve(1, [0; 1024]).await
}

fn main() {
    let _ = serve(1, [0; 1024]);
    let _ = Server.serve([0u8; 100]);
    let _ = small();
}
