//! `pipeline` as state machines in a super-loop, with a ring of records between them.
#![no_std]
#![no_main]

use coframe_firmware::board;
use coframe_firmware::programs::{RECORDS, Record};
use heapless::Deque;

coframe_firmware::interrupts!(received: || (), tick: || ());

/// Makes records while there is room.
struct Producer {
    next: u32,
}

/// Adds records up.
struct Consumer {
    count: u32,
    sum: u32,
}

impl Producer {
    fn step(&mut self, ring: &mut Deque<Record, 32>) {
        while self.next < RECORDS && ring.push_back(Record::new(self.next)).is_ok() {
            self.next += 1;
        }
    }
}

impl Consumer {
    fn step(&mut self, ring: &mut Deque<Record, 32>) {
        while let Some(record) = ring.pop_front() {
            self.sum = record.add_to(self.sum);
            self.count += 1;
            if self.count == RECORDS {
                board::serial::print_line("checksum ", self.sum, "");
                board::finish();
            }
        }
    }
}

#[cortex_m_rt::entry]
fn main() -> ! {
    static mut RING: Deque<Record, 32> = Deque::new();
    static mut PRODUCER: Producer = Producer { next: 0 };
    static mut CONSUMER: Consumer = Consumer { count: 0, sum: 2_166_136_261 };
    board::init();
    loop {
        PRODUCER.step(RING);
        CONSUMER.step(RING);
    }
}
