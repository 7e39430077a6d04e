//! `crowd` as state machines in a super-loop.
#![no_std]
#![no_main]

use coframe_firmware::board::{self, clock};
use coframe_firmware::programs::{MEMBERS, ROUNDS, Tally};

coframe_firmware::interrupts!(received: || (), tick: || ());

static TALLY: Tally = Tally::new();

/// Who sleeps; its number is its place in the array.
#[derive(Clone, Copy)]
struct Member {
    at: u64,
    rounds: u8,
}

impl Member {
    fn step(&mut self, number: u8, now: u64) {
        if self.rounds == ROUNDS || now < self.at {
            return;
        }
        TALLY.add(number);
        self.at = now + sleep_of(number);
        self.rounds += 1;
        if self.rounds == ROUNDS {
            TALLY.end();
        }
    }
}

fn sleep_of(number: u8) -> u64 {
    1 + u64::from(number % 8)
}

#[cortex_m_rt::entry]
fn main() -> ! {
    static mut CROWD: [Member; MEMBERS] = [Member { at: 0, rounds: 0 }; MEMBERS];
    board::init();
    let now = clock::now();
    for (member, number) in CROWD.iter_mut().zip(0..) {
        member.at = now + sleep_of(number);
    }
    loop {
        let now = clock::now();
        for (member, number) in CROWD.iter_mut().zip(0..) {
            member.step(number, now);
        }
        cortex_m::asm::wfe();
    }
}
