struct Sender(String);

impl Sender {
    fn send(self, text: String) -> String {
        self.0 + &text
    }
}

async fn give() -> String {
    String::from("given")
}

#[coframe::coroutine]
async fn run(sender: Sender) -> String {
    sender.send(give().await)
}

fn main() {
    coframe::block_on(run(Sender(String::new())));
}
