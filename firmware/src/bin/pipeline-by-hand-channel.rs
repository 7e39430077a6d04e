//! `pipeline` as state machines in a super-loop, with the channel that the coroutines have.
#![no_std]
#![no_main]

use coframe_firmware::board;
use coframe_firmware::programs::{RECORDS, Record};
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_sync::channel::Channel;

coframe_firmware::interrupts!(received: || (), tick: || ());

static CHANNEL: Channel<CriticalSectionRawMutex, Record, 32> = Channel::new();

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
    fn step(&mut self) {
        while self.next < RECORDS && CHANNEL.try_send(Record::new(self.next)).is_ok() {
            self.next += 1;
        }
    }
}

impl Consumer {
    fn step(&mut self) {
        while let Ok(record) = CHANNEL.try_receive() {
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
    static mut PRODUCER: Producer = Producer { next: 0 };
    static mut CONSUMER: Consumer = Consumer { count: 0, sum: 2_166_136_261 };
    board::init();
    loop {
        PRODUCER.step();
        CONSUMER.step();
    }
}
