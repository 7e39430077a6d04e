//! `crowd` on coframe's executor, as plain `async fn`.
#![no_std]
#![no_main]

use coframe::{Executor, frame_pool};
use coframe_firmware::board;
use coframe_firmware::board::clock::{TIMERS, sleep_until};

coframe_firmware::crowd!();
coframe_firmware::interrupts!(received: || (), tick: || TIMERS.fire());

frame_pool! {
    static MEMBER: [member; coframe_firmware::programs::MEMBERS];
}
static EXECUTOR: Executor = Executor::new();

#[cortex_m_rt::entry]
fn main() -> ! {
    board::init();
    for number in 0..MEMBER.slots() as u8 {
        let _ = MEMBER.spawn_with(&EXECUTOR, || member(number));
    }
    EXECUTOR.run(cortex_m::asm::wfe)
}
