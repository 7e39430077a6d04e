struct Server<T>(T);

struct Wrapper<T>(T);

impl<T> Wrapper<T> {
    fn get(&self) -> &T {
        &self.0
    }
}

async fn pause() {}

impl<T: Clone> Server<T> {
    #[coframe::coroutine]
    async fn run(&self, name: &str) -> usize {
        let wrapper = Wrapper(self.0.clone());
        let inner = wrapper.get();
        pause().await;
        drop(inner.clone());
        name.len()
    }
}

fn main() {
    coframe::block_on(Server(1).run("name"));
}
