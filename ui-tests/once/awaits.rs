//! Futures that are not awaited, and what is awaited but no future.

async fn missing_await_question() -> Result<u32, String> {
    let n = try_number()?;
    pause().await;
    Ok(n)
}

async fn missing_await_add() -> u32 {
    let n = number() + 1;
    pause().await;
    n
}

async fn missing_await_arg() {
    takes(number());
    pause().await;
}

async fn missing_await_let() -> u32 {
    let n: u32 = number();
    pause().await;
    n
}

async fn missing_await_ret() -> u32 {
    pause().await;
    number()
}

async fn await_not_future() {
    let n = make().await;
    pause().await;
}

async fn async_block_type() {
    let f = async { "one" };
    pause().await;
    takes(f.await);
}

async fn join_types() {
    let (a, b): (u32, u32) = (number().await, text_of(1).await);
    pause().await;
    takes(a);
    takes(b);
}
