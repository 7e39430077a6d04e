//! `pipeline` as state machines in a super-loop, with a ring of records between them.
#![no_std]
#![no_main]

use coframe_firmware::board;
use coframe_firmware::programs::{RECORDS, Record};
use heapless::Deque;
use static_cell::ConstStaticCell;

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

static RING: ConstStaticCell<Deque<Record, 32>> = ConstStaticCell::new(Deque::new());
static PRODUCER: ConstStaticCell<Producer> = ConstStaticCell::new(Producer { next: 0 });
static CONSUMER: ConstStaticCell<Consumer> =
    ConstStaticCell::new(Consumer { count: 0, sum: 2_166_136_261 });

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
    board::init();
    let (ring, producer, consumer) = (RING.take(), PRODUCER.take(), CONSUMER.take());
    loop {
        producer.step(ring);
        consumer.step(ring);
    }
}
