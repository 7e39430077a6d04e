//! `echo` on coframe's executor, as plain `async fn`.
#![no_std]
#![no_main]

use coframe::{Executor, frame_pool};
use coframe_firmware::board;

coframe_firmware::echo!();
coframe_firmware::interrupts!(received: board::serial::wake, tick: || ());

frame_pool! {
    static ECHO: [echo; 1];
}
static EXECUTOR: Executor = Executor::new();

#[cortex_m_rt::entry]
fn main() -> ! {
    board::init();
    let _ = ECHO.spawn_with(&EXECUTOR, echo);
    EXECUTOR.run(cortex_m::asm::wfe)
}
