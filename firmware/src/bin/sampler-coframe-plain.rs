//! `sampler` on coframe's executor, as plain `async fn`.
#![no_std]
#![no_main]

use coframe::{Executor, frame_pool};
use coframe_firmware::board;
use coframe_firmware::board::clock::{TIMERS, sleep_until};

coframe_firmware::sampler!();
coframe_firmware::interrupts!(received: || (), tick: || TIMERS.fire());

frame_pool! {
    static SAMPLE: [sample; 1];
    static BLINK: [blink; 1];
}
static EXECUTOR: Executor = Executor::new();

#[cortex_m_rt::entry]
fn main() -> ! {
    board::init();
    let _ = SAMPLE.spawn_with(&EXECUTOR, sample);
    let _ = BLINK.spawn_with(&EXECUTOR, blink);
    EXECUTOR.run(cortex_m::asm::wfe)
}
