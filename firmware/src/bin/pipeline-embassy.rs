//! `pipeline` on Embassy's executor, as plain `async fn`.
#![no_std]
#![no_main]

use core::future::Future;

use coframe_firmware::board;
use embassy_executor::Executor;
use static_cell::StaticCell;

coframe_firmware::pipeline!();
coframe_firmware::interrupts!(received: || (), tick: || ());

#[embassy_executor::task]
fn produce_task() -> impl Future<Output = ()> {
    produce()
}

#[embassy_executor::task]
fn consume_task() -> impl Future<Output = ()> {
    consume()
}

static EXECUTOR: StaticCell<Executor> = StaticCell::new();

#[cortex_m_rt::entry]
fn main() -> ! {
    board::init();
    EXECUTOR.init(Executor::new()).run(|spawner| {
        if let Ok(task) = produce_task() {
            spawner.spawn(task);
        }
        if let Ok(task) = consume_task() {
            spawner.spawn(task);
        }
    })
}
