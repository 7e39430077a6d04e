//! `echo` as a state machine in a super-loop.
#![no_std]
#![no_main]

use coframe_firmware::board;
use coframe_firmware::programs::LINE;

coframe_firmware::interrupts!(received: || (), tick: || ());

/// What the program remembers between bytes.
struct Echo {
    line: [u8; LINE],
    length: usize,
}

impl Echo {
    fn take(&mut self, byte: u8) {
        if byte != b'\n' {
            if let Some(place) = self.line.get_mut(self.length) {
                *place = byte;
                self.length += 1;
            }
            return;
        }
        let text = self.line.get(..self.length).unwrap_or_default();
        board::serial::write(text);
        board::serial::print("\n");
        if text == b"quit" {
            board::finish();
        }
        self.length = 0;
    }
}

#[cortex_m_rt::entry]
fn main() -> ! {
    static mut ECHO: Echo = Echo { line: [0; LINE], length: 0 };
    board::init();
    loop {
        while let Some(byte) = board::serial::take() {
            ECHO.take(byte);
        }
        cortex_m::asm::wfe();
    }
}
