struct Name(String);

impl Name {
    fn weigh(self) -> String {
        self.0
    }
}

struct Parts {
    name: Name,
    text: String,
}

async fn pause() {}

#[coframe::coroutine]
async fn run(parts: Parts) -> String {
    pause().await;
    let name = parts.name.weigh();
    pause().await;
    name + &parts.text
}

fn main() {
    let parts = Parts { name: Name(String::new()), text: String::new() };
    coframe::block_on(run(parts));
}
