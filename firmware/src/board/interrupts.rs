//! The interrupts of the board, which has no device crate: the serial port's arrives in
//! `DefaultHandler`.

use cortex_m::Peripherals;
use cortex_m::interrupt::InterruptNumber;
use cortex_m::peripheral::NVIC;

use super::{clock, serial};

/// An interrupt by its number.
#[derive(Clone, Copy)]
pub struct Interrupt(pub u16);

// SAFETY: the numbers are those of the board's data sheet.
unsafe impl InterruptNumber for Interrupt {
    fn number(self) -> u16 {
        self.0
    }
}

/// Starts the serial port and the clock.
pub fn init() {
    let Some(mut peripherals) = Peripherals::take() else { return };
    clock::start(&mut peripherals.SYST);
    serial::start();
    // SAFETY: the handlers share what they touch through critical sections and atomics.
    unsafe { NVIC::unmask(serial::INTERRUPT) };
}

/// Declares the handlers of a program: what to do when bytes have been received, and at each tick.
#[macro_export]
macro_rules! interrupts {
    (received: $received:expr, tick: $tick:expr) => {
        #[::cortex_m_rt::exception]
        fn SysTick() {
            $crate::board::clock::count();
            ($tick)();
        }

        #[::cortex_m_rt::exception]
        unsafe fn DefaultHandler(_interrupt: i16) {
            $crate::board::serial::collect();
            ($received)();
        }

        #[panic_handler]
        fn panic(_: &::core::panic::PanicInfo<'_>) -> ! {
            $crate::board::fail()
        }
    };
}
