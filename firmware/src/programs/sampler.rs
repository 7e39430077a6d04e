//! Samples a value at a fixed rate, reports each window of samples, and blinks meanwhile.

use crate::board::serial;

/// Ticks between samples.
pub const PERIOD: u64 = 5;
/// Ticks between blinks.
pub const BLINK_PERIOD: u64 = 25;
/// Samples in a window.
pub const WINDOW: usize = 128;
/// Windows until the end.
pub const WINDOWS: u8 = 4;

/// Something to sample: a generator of pseudo-random numbers.
pub struct Adc(u32);

impl Adc {
    /// The converter at its first sample.
    pub const fn new() -> Self {
        Adc(0)
    }

    /// A sample of twelve bits.
    pub fn sample(&mut self) -> u16 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 20) as u16
    }
}

impl Default for Adc {
    fn default() -> Self {
        Adc::new()
    }
}

/// Prints the extremes and the mean of a window.
#[inline(never)]
pub fn report(window: &[u16; WINDOW], blinks: u32) {
    let (mut low, mut high, mut sum) = (u16::MAX, 0, 0);
    for sample in window {
        low = low.min(*sample);
        high = high.max(*sample);
        sum += u32::from(*sample);
    }
    serial::print_line("low ", low.into(), "");
    serial::print_line("high ", high.into(), "");
    serial::print_line("mean ", sum / WINDOW as u32, "");
    serial::print_line("blinks ", blinks, "");
}

/// `sample()` and `blink()`, and `BLINKS`
#[macro_export]
macro_rules! sampler {
    ($(#[$attribute:meta])*) => {
        static BLINKS: ::portable_atomic::AtomicU32 = ::portable_atomic::AtomicU32::new(0);

        $(#[$attribute])*
        async fn sample() {
            let mut adc = $crate::programs::Adc::new();
            let mut window = [0; $crate::programs::WINDOW];
            let mut at = $crate::board::clock::now();
            for _ in 0..$crate::programs::WINDOWS {
                for sample in &mut window {
                    at += $crate::programs::PERIOD;
                    sleep_until(at).await;
                    *sample = adc.sample();
                }
                let blinks = BLINKS.load(::core::sync::atomic::Ordering::Relaxed);
                $crate::programs::report(&window, blinks);
            }
            $crate::board::finish();
        }

        $(#[$attribute])*
        async fn blink() {
            let mut at = $crate::board::clock::now();
            loop {
                at += $crate::programs::BLINK_PERIOD;
                sleep_until(at).await;
                BLINKS.fetch_add(1, ::core::sync::atomic::Ordering::Relaxed);
            }
        }
    };
}
