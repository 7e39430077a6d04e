//! `echo` on Embassy's executor, under the attribute.
#![no_std]
#![no_main]

use core::future::Future;

use coframe_firmware::board;
use embassy_executor::Executor;
use static_cell::StaticCell;

coframe_firmware::echo!(#[coframe::coroutine]);
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
