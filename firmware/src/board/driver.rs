//! The system timer as `embassy_time` wants it.

use core::cell::RefCell;
use core::task::Waker;

use critical_section::Mutex;
use embassy_time::{Instant, Timer};
use embassy_time_driver::Driver;
use embassy_time_queue_utils::Queue;

use super::clock;

/// A driver for `embassy_time`.
pub struct SysTickDriver(Mutex<RefCell<Queue>>);

impl SysTickDriver {
    /// A driver with nobody who waits.
    pub const fn new() -> Self {
        SysTickDriver(Mutex::new(RefCell::new(Queue::new())))
    }

    /// Wakes those whose time has come.
    pub fn fire(&self) {
        critical_section::with(|section| {
            self.0.borrow(section).borrow_mut().next_expiration(clock::now());
        });
    }
}

impl Default for SysTickDriver {
    fn default() -> Self {
        SysTickDriver::new()
    }
}

impl Driver for SysTickDriver {
    fn now(&self) -> u64 {
        clock::now()
    }

    fn schedule_wake(&self, at: u64, waker: &Waker) {
        critical_section::with(|section| {
            self.0.borrow(section).borrow_mut().schedule_wake(at, waker);
        });
    }
}

/// Declares the driver of a program. Only those that sleep with Embassy have one: it takes memory.
#[macro_export]
macro_rules! time_driver {
    () => {
        ::embassy_time_driver::time_driver_impl!(
            static DRIVER: $crate::board::driver::SysTickDriver =
                $crate::board::driver::SysTickDriver::new()
        );
    };
}

/// Waits until the clock shows `at`.
pub fn sleep_until(at: u64) -> Timer {
    Timer::at(Instant::from_ticks(at))
}
