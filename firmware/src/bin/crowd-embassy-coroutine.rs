//! `crowd` on Embassy's executor, under the attribute.
#![no_std]
#![no_main]

use core::future::Future;

use coframe_firmware::board;
use coframe_firmware::board::driver::sleep_until;
use embassy_executor::Executor;
use static_cell::StaticCell;

coframe_firmware::crowd!(#[coframe::coroutine]);
coframe_firmware::interrupts!(received: || (), tick: || DRIVER.fire());
coframe_firmware::time_driver!();

#[embassy_executor::task(pool_size = coframe_firmware::programs::MEMBERS)]
fn member_task(number: u8) -> impl Future<Output = ()> {
    member(number)
}

static EXECUTOR: StaticCell<Executor> = StaticCell::new();

#[cortex_m_rt::entry]
fn main() -> ! {
    board::init();
    EXECUTOR.init(Executor::new()).run(|spawner| {
        for number in 0..coframe_firmware::programs::MEMBERS as u8 {
            let Ok(task) = member_task(number) else { continue };
            spawner.spawn(task);
        }
    })
}
