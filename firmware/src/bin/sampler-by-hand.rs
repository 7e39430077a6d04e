//! `sampler` as state machines in a super-loop.
#![no_std]
#![no_main]

use coframe_firmware::board::{self, clock};
use coframe_firmware::programs::{Adc, PERIOD, WINDOW, WINDOWS, report};

coframe_firmware::interrupts!(received: || (), tick: || ());

/// Fills windows with samples.
struct Sampler {
    at: u64,
    adc: Adc,
    window: [u16; WINDOW],
    count: usize,
    windows: u32,
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
    const PERIOD: u64 = 25;

    fn step(&mut self, now: u64) {
        if now >= self.at {
            self.at += Self::PERIOD;
            self.blinks += 1;
        }
    }
}

#[cortex_m_rt::entry]
fn main() -> ! {
    board::init();
    let start = clock::now();
    let mut sampler =
        Sampler { at: start + PERIOD, adc: Adc::new(), window: [0; WINDOW], count: 0, windows: 0 };
    let mut blinker = Blinker { at: start + Blinker::PERIOD, blinks: 0 };
    loop {
        let now = clock::now();
        sampler.step(now, blinker.blinks);
        blinker.step(now);
        cortex_m::asm::wfe();
    }
}
