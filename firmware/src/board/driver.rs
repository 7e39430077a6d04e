//! The system timer as `embassy_time` wants it.

use core::cell::RefCell;
use core::task::Waker;

use critical_section::Mutex;
use embassy_time::{Instant, Timer};
use embassy_time_driver::Driver;
use embassy_time_queue_utils::Queue;

use super::clock;

struct SysTickDriver(Mutex<RefCell<Queue>>);

embassy_time_driver::time_driver_impl!(
    static DRIVER: SysTickDriver = SysTickDriver(Mutex::new(RefCell::new(Queue::new())))
);

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

/// Wakes those whose time has come.
pub fn fire() {
    critical_section::with(|section| {
        DRIVER.0.borrow(section).borrow_mut().next_expiration(clock::now());
    });
}

/// Waits until the clock shows `at`.
pub fn sleep_until(at: u64) -> Timer {
    Timer::at(Instant::from_ticks(at))
}
