struct Connection(String);

impl Connection {
    fn id(&self) -> usize {
        self.0.len()
    }
    fn close(self) -> usize {
        self.0.len()
    }
}

async fn pause() {}

#[coframe::coroutine]
async fn run(connection: Connection) -> usize {
    let id = connection.id();
    pause().await;
    let closed = connection.close();
    pause().await;
    id + closed
}

fn main() {
    coframe::block_on(run(Connection(String::new())));
}
