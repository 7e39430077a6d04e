//! Two hundred small tasks that sleep for different times.

use core::sync::atomic::Ordering::Relaxed;

use portable_atomic::AtomicU32;

use crate::board::{finish, serial};

/// The number of tasks.
pub const MEMBERS: usize = 200;
/// How often each of them sleeps.
pub const ROUNDS: u8 = 5;

/// What the tasks have done together.
pub struct Tally {
    sum: AtomicU32,
    ended: AtomicU32,
}

impl Tally {
    /// Nothing yet.
    pub const fn new() -> Self {
        Tally { sum: AtomicU32::new(0), ended: AtomicU32::new(0) }
    }

    /// Adds a number.
    pub fn add(&self, number: u8) {
        self.sum.fetch_add(number.into(), Relaxed);
    }

    /// One has ended; with the last one the program does.
    pub fn end(&self) {
        if self.ended.fetch_add(1, Relaxed) + 1 == MEMBERS as u32 {
            serial::print_line("sum ", self.sum.load(Relaxed), "");
            finish();
        }
    }
}

impl Default for Tally {
    fn default() -> Self {
        Tally::new()
    }
}

/// `member(number)`, and `TALLY`
#[macro_export]
macro_rules! crowd {
    ($(#[$attribute:meta])*) => {
        static TALLY: $crate::programs::Tally = $crate::programs::Tally::new();

        $(#[$attribute])*
        async fn member(number: u8) {
            let mut left = $crate::programs::ROUNDS;
            while left > 0 {
                sleep_until($crate::board::clock::now() + 1 + u64::from(number % 8)).await;
                TALLY.add(number);
                left -= 1;
            }
            TALLY.end();
        }
    };
}
