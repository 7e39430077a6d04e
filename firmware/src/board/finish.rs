//! The end of a program, which is the end of the emulator.

use cortex_m_rt::STACK_PAINT_VALUE;
use cortex_m_semihosting::debug;

use super::serial;

unsafe extern "C" {
    static _stack_start: u32;
    static _stack_end: u32;
}

/// The bytes of the stack that were ever used.
fn stack_bytes() -> u32 {
    let top = &raw const _stack_start;
    let mut bottom = &raw const _stack_end;
    // SAFETY: the stack lies between the two, and what is below the part in use is only painted.
    while bottom < top && unsafe { bottom.read_volatile() } == STACK_PAINT_VALUE {
        bottom = bottom.wrapping_add(1);
    }
    (top.addr() - bottom.addr()) as u32
}

/// Reports the use of the stack, and ends the emulator with success.
pub fn finish() -> ! {
    serial::print_line("stack: ", stack_bytes(), " bytes");
    end(debug::EXIT_SUCCESS)
}

/// Ends the emulator with a failure.
pub fn fail() -> ! {
    serial::print("panicked\n");
    end(debug::EXIT_FAILURE)
}

fn end(status: debug::ExitStatus) -> ! {
    loop {
        debug::exit(status);
    }
}
