async fn pause() {}

enum Event {
    Opened,
    Closed,
}

#[coframe::coroutine]
async fn run(event: Event) {
    match event {
        Event::Opened => pause().await,
    }
}

fn main() {
    let _ = run(Event::Closed);
}
