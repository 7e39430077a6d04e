//! `echo` on Embassy's executor, as plain `async fn`.
#![no_std]
#![no_main]

use core::future::Future;

use coframe_firmware::board;
use embassy_executor::Executor;
use static_cell::StaticCell;

coframe_firmware::echo!();
coframe_firmware::interrupts!(received: board::serial::wake, tick: || ());

#[embassy_executor::task]
fn echo_task() -> impl Future<Output = ()> {
    echo()
}

static EXECUTOR: StaticCell<Executor> = StaticCell::new();

#[cortex_m_rt::entry]
fn main() -> ! {
    board::init();
    EXECUTOR.init(Executor::new()).run(|spawner| {
        if let Ok(task) = echo_task() {
            spawner.spawn(task);
        }
    })
}
