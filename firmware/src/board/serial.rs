//! The serial port: a PL011 that interrupts when a byte has come.

use core::future::{Future, poll_fn};
use core::task::Poll;

use embassy_sync::waitqueue::AtomicWaker;

use super::interrupts::Interrupt;
use super::ring::Ring;

pub(super) const INTERRUPT: Interrupt = Interrupt(5);

const BASE: usize = 0x4000_C000;
const DATA: usize = 0x00;
const FLAGS: usize = 0x18;
const LINE_CONTROL: usize = 0x2C;
const CONTROL: usize = 0x30;
const INTERRUPT_MASK: usize = 0x38;

const RECEIVE_EMPTY: u32 = 1 << 4;
const TRANSMIT_FULL: u32 = 1 << 5;

/// Bytes that were received and not read yet.
static INPUT: Ring<64> = Ring::new();
/// Who waits for a byte.
static RECEIVED: AtomicWaker = AtomicWaker::new();

fn read(register: usize) -> u32 {
    // SAFETY: it is a register of the port, which can be read at any time.
    unsafe { (BASE as *const u32).wrapping_byte_add(register).read_volatile() }
}

fn write_register(register: usize, value: u32) {
    // SAFETY: it is a register of the port, which nothing else uses.
    unsafe { (BASE as *mut u32).wrapping_byte_add(register).write_volatile(value) };
}

pub(super) fn start() {
    const EIGHT_BITS: u32 = 3 << 5;
    const ENABLE: u32 = 1 | 1 << 8 | 1 << 9;
    const RECEIVE: u32 = 1 << 4;
    write_register(LINE_CONTROL, EIGHT_BITS);
    write_register(CONTROL, ENABLE);
    write_register(INTERRUPT_MASK, RECEIVE);
}

/// Takes the bytes that have come. The port's interrupt calls it.
pub fn collect() {
    while read(FLAGS) & RECEIVE_EMPTY == 0 {
        let _is_lost = !INPUT.push(read(DATA) as u8);
    }
}

/// Wakes who waits for a byte. The port's interrupt calls it, where somebody may wait.
pub fn wake() {
    RECEIVED.wake();
}

/// A byte that was received, if there is one. For one reader.
pub fn take() -> Option<u8> {
    INPUT.pop()
}

/// Waits for a byte. For one reader.
pub fn receive() -> impl Future<Output = u8> + Send {
    poll_fn(|context| {
        RECEIVED.register(context.waker());
        take().map_or(Poll::Pending, Poll::Ready)
    })
}

/// Sends bytes, and waits until the port has room for them.
pub fn write(bytes: &[u8]) {
    for byte in bytes {
        while read(FLAGS) & TRANSMIT_FULL != 0 {}
        write_register(DATA, u32::from(*byte));
    }
}

/// Sends a text.
pub fn print(text: &str) {
    write(text.as_bytes());
}

/// Sends a number, without the code that formats anything.
pub fn print_number(mut number: u32) {
    let mut digits = [0; 10];
    let mut count = 0;
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (number % 10) as u8;
        number /= 10;
        count += 1;
        if number == 0 {
            break;
        }
    }
    write(digits.last_chunk::<10>().map_or(&[], |digits| digits.split_at(10 - count).1));
}

/// Sends a line: a text, a number, a text.
pub fn print_line(before: &str, number: u32, after: &str) {
    print(before);
    print_number(number);
    print(after);
    print("\n");
}
