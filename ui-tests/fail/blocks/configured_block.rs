//! A block is expanded before it is known what is compiled of it.

fn main() {
    let text = String::from("text");
    drop(coframe::coroutine_block!(async move {
        #[cfg(test)]
        println!("a test");
        std::future::ready(()).await;
        text
    }));
}
