//! `sampler` on Embassy's executor, under the attribute.
#![no_std]
#![no_main]

use core::future::Future;

use coframe_firmware::board;
use coframe_firmware::board::driver::sleep_until;
use embassy_executor::Executor;
use static_cell::StaticCell;

coframe_firmware::sampler!(#[coframe::coroutine]);
coframe_firmware::interrupts!(received: || (), tick: || DRIVER.fire());
coframe_firmware::time_driver!();

#[embassy_executor::task]
fn sample_task() -> impl Future<Output = ()> {
    sample()
}

#[embassy_executor::task]
fn blink_task() -> impl Future<Output = ()> {
    blink()
}

static EXECUTOR: StaticCell<Executor> = StaticCell::new();

#[cortex_m_rt::entry]
fn main() -> ! {
    board::init();
    EXECUTOR.init(Executor::new()).run(|spawner| {
        if let Ok(task) = sample_task() {
            spawner.spawn(task);
        }
        if let Ok(task) = blink_task() {
            spawner.spawn(task);
        }
    })
}
