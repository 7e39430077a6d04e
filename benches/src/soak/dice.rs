//! Random numbers that are the same for the same seed.

use std::ops::RangeInclusive;
use std::time::Duration;

/// A generator of random numbers.
#[derive(Clone, Debug)]
pub(super) struct Dice {
    state: u64,
}

/// What the state grows by: odd, and without a pattern.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// A number that looks random, and differs for each argument (SplitMix64).
pub(super) const fn mix(number: u64) -> u64 {
    let number = number.wrapping_add(STEP);
    let number = (number ^ number >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ number >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ number >> 31
}

impl Dice {
    /// The dice of one thing out of many with the same seed.
    pub(super) const fn new(seed: u64, number: u64) -> Self {
        Dice { state: mix(mix(seed) ^ number) }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(STEP);
        mix(self.state)
    }

    /// A number in the range, all with about the same chance.
    pub(super) fn number(&mut self, range: RangeInclusive<u64>) -> u64 {
        let (start, end) = range.into_inner();
        start + self.next() % (end - start + 1)
    }

    /// A number up to 2 to the power of `bits`: each power has the same chance.
    pub(super) fn size(&mut self, bits: RangeInclusive<u64>) -> u64 {
        let bits = self.number(bits);
        self.number(1 << bits >> 1..=1 << bits)
    }

    /// True once in `count` times.
    pub(super) fn once_in(&mut self, count: u64) -> bool {
        self.next().is_multiple_of(count)
    }

    /// A time up to `longest`, in microseconds.
    pub(super) fn time(&mut self, longest: Duration) -> Duration {
        Duration::from_micros(self.number(0..=longest.as_micros() as u64))
    }
}

#[cfg(test)]
mod tests {
    use super::Dice;

    #[test]
    fn a_seed_gives_the_same_numbers_again() {
        let throw = |seed, number| {
            let mut dice = Dice::new(seed, number);
            [(); 4].map(|()| dice.number(0..=u64::MAX - 1))
        };
        assert_eq!(throw(1, 1), throw(1, 1));
        assert_ne!(throw(1, 1), throw(1, 2));
        assert_ne!(throw(1, 1), throw(2, 1));
    }

    #[test]
    fn sizes_stay_in_their_range() {
        let mut dice = Dice::new(3, 4);
        let sizes: Vec<u64> = (0..1000).map(|_| dice.size(0..=8)).collect();
        assert!(sizes.iter().all(|size| *size <= 256));
        assert!(sizes.contains(&0) || sizes.contains(&1));
        assert!(sizes.iter().any(|size| *size > 128));
    }
}
