struct Inner;

impl Inner {
    async fn run(&self) -> u32 {
        1
    }
}

struct Outer(Inner);

impl Outer {
    #[coframe::coroutine]
    async fn run(&self) -> u32 {
        Box::pin(self.0.run()).await
    }
}

fn main() {
    drop(Outer(Inner).run());
}
