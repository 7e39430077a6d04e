//! `pipeline` on coframe's executor, as plain `async fn`.
#![no_std]
#![no_main]

use coframe::{Executor, frame_pool};
use coframe_firmware::board;

coframe_firmware::pipeline!();
coframe_firmware::interrupts!(received: || (), tick: || ());

frame_pool! {
    static PRODUCE: [produce; 1];
    static CONSUME: [consume; 1];
}
static EXECUTOR: Executor = Executor::new();

#[cortex_m_rt::entry]
fn main() -> ! {
    board::init();
    let _ = PRODUCE.spawn_with(&EXECUTOR, produce);
    let _ = CONSUME.spawn_with(&EXECUTOR, consume);
    EXECUTOR.run(cortex_m::asm::wfe)
}
