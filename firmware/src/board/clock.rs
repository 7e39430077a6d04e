//! The system timer: a thousand ticks in a second.

use core::cell::Cell;

use coframe::executor::{Clock, Sleep, Timers};
use cortex_m::peripheral::SYST;
use cortex_m::peripheral::syst::SystClkSource;
use critical_section::Mutex;

/// The frequency of the processor after reset.
const PROCESSOR_HZ: u32 = 12_000_000;
/// Ticks in a second.
pub const TICK_HZ: u32 = 1000;

static NOW: Mutex<Cell<u64>> = Mutex::new(Cell::new(0));

pub(super) fn start(timer: &mut SYST) {
    timer.set_clock_source(SystClkSource::Core);
    timer.set_reload(PROCESSOR_HZ / TICK_HZ - 1);
    timer.clear_current();
    timer.enable_counter();
    timer.enable_interrupt();
}

/// Counts a tick. The timer's interrupt calls it.
pub fn count() {
    critical_section::with(|section| {
        let now = NOW.borrow(section);
        now.set(now.get() + 1);
    });
}

/// Ticks since the start.
pub fn now() -> u64 {
    critical_section::with(|section| NOW.borrow(section).get())
}

/// The system timer, which interrupts at each tick.
pub struct SysTick;

impl Clock for SysTick {
    fn now(&self) -> u64 {
        now()
    }
}

/// Those who sleep until a tick.
pub static TIMERS: Timers<SysTick> = Timers::new(SysTick);

/// Waits until the clock shows `at`.
pub fn sleep_until(at: u64) -> Sleep<SysTick> {
    TIMERS.sleep_until(at)
}
