//! `sampler` as state machines in a super-loop.
#![no_std]
#![no_main]

use coframe_firmware::board::{self, clock};
use coframe_firmware::programs::{Adc, BLINK_PERIOD, PERIOD, WINDOW, WINDOWS, report};

coframe_firmware::interrupts!(received: || (), tick: || ());

/// Fills windows with samples.
struct Sampler {
    at: u64,
    adc: Adc,
    window: [u16; WINDOW],
    count: usize,
    windows: u8,
}

/// Counts blinks.
struct Blinker {
    at: u64,
    blinks: u32,
}

impl Sampler {
    fn step(&mut self, now: u64, blinks: u32) {
        if now < self.at {
            return;
        }
        self.at += PERIOD;
        if let Some(place) = self.window.get_mut(self.count) {
            *place = self.adc.sample();
            self.count += 1;
        }
        if self.count == WINDOW {
            self.count = 0;
            report(&self.window, blinks);
            self.windows += 1;
            if self.windows == WINDOWS {
                board::finish();
            }
        }
    }
}

impl Blinker {
    fn step(&mut self, now: u64) {
        if now >= self.at {
            self.at += BLINK_PERIOD;
            self.blinks += 1;
        }
    }
}

#[cortex_m_rt::entry]
fn main() -> ! {
    static mut SAMPLER: Sampler =
        Sampler { at: 0, adc: Adc::new(), window: [0; WINDOW], count: 0, windows: 0 };
    static mut BLINKER: Blinker = Blinker { at: 0, blinks: 0 };
    board::init();
    SAMPLER.at = clock::now() + PERIOD;
    BLINKER.at = clock::now() + BLINK_PERIOD;
    loop {
        let now = clock::now();
        SAMPLER.step(now, BLINKER.blinks);
        BLINKER.step(now);
        cortex_m::asm::wfe();
    }
}
