//! The LM3S6965: a serial port, a system timer, and a way to end the emulator.

pub mod clock;
pub mod driver;
mod finish;
mod interrupts;
mod ring;
pub mod serial;

pub use finish::{fail, finish};
pub use interrupts::{Interrupt, init};
