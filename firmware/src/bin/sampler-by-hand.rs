//! `sampler` as state machines in a super-loop.
#![no_std]
#![no_main]

use coframe_firmware::board::{self, clock};
use coframe_firmware::programs::{Adc, PERIOD, WINDOW, WINDOWS, report};
use static_cell::ConstStaticCell;

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

static SAMPLER: ConstStaticCell<Sampler> = ConstStaticCell::new(Sampler {
    at: 0,
    adc: Adc::new(),
    window: [0; WINDOW],
    count: 0,
    windows: 0,
});
static BLINKER: ConstStaticCell<Blinker> = ConstStaticCell::new(Blinker { at: 0, blinks: 0 });

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
    let (sampler, blinker) = (SAMPLER.take(), BLINKER.take());
    sampler.at = clock::now() + PERIOD;
    blinker.at = clock::now() + Blinker::PERIOD;
    loop {
        let now = clock::now();
        sampler.step(now, blinker.blinks);
        blinker.step(now);
        cortex_m::asm::wfe();
    }
}
