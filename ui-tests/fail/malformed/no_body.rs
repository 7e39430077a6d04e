trait Serve {
    #[coframe::coroutine]
    async fn serve(&self);
}

fn main() {}
