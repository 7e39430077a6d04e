//! A producer and a consumer with a channel between them.

/// Records until the end.
pub const RECORDS: u32 = 300;

/// What goes through the channel.
#[derive(Clone, Copy)]
pub struct Record {
    number: u32,
    bytes: [u8; 12],
}

impl Record {
    /// The record of a number.
    pub fn new(number: u32) -> Self {
        let mut bytes = [0; 12];
        for (index, byte) in bytes.iter_mut().enumerate() {
            *byte = (number as u8).wrapping_mul(31) ^ index as u8;
        }
        Record { number, bytes }
    }

    /// Adds the record to a checksum.
    #[inline(never)]
    pub fn add_to(&self, sum: u32) -> u32 {
        self.bytes
            .iter()
            .fold(sum ^ self.number, |sum, byte| (sum ^ u32::from(*byte)).wrapping_mul(16_777_619))
    }
}

/// `produce()` and `consume()`, and the channel between them
#[macro_export]
macro_rules! pipeline {
    ($(#[$attribute:meta])*) => {
        static CHANNEL: ::embassy_sync::channel::Channel<
            ::embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex,
            $crate::programs::Record,
            32,
        > = ::embassy_sync::channel::Channel::new();

        $(#[$attribute])*
        async fn produce() {
            for number in 0..$crate::programs::RECORDS {
                CHANNEL.send($crate::programs::Record::new(number)).await;
            }
        }

        $(#[$attribute])*
        async fn consume() {
            let mut sum = 2_166_136_261;
            for _ in 0..$crate::programs::RECORDS {
                let record = CHANNEL.receive().await;
                sum = record.add_to(sum);
            }
            $crate::board::serial::print_line("checksum ", sum, "");
            $crate::board::finish();
        }
    };
}
