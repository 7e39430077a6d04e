//! The time that a process was given by processors.
#![allow(unsafe_code, reason = "rustix has no clocks of other processes")]

use std::io;
use std::time::Duration;

/// The time that all threads of this process have run so far, in the kernel and outside of it.
///
/// # Errors
///
/// If the system does not tell.
pub fn cpu_time() -> io::Result<Duration> {
    cpu_time_of(std::process::id())
}

/// The time that all threads of a process have run so far, in the kernel and outside of it.
///
/// Its resolution is a nanosecond, where `/proc` and `times` count in hundredths of a second.
///
/// # Errors
///
/// If there is no such process.
pub(super) fn cpu_time_of(process: u32) -> io::Result<Duration> {
    let mut clock = 0;
    // SAFETY: the clock's number is written to a place for one.
    let failure = unsafe { libc::clock_getcpuclockid(process as libc::pid_t, &mut clock) };
    if failure != 0 {
        return Err(io::Error::from_raw_os_error(failure));
    }
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the time is written to a place for one.
    if unsafe { libc::clock_gettime(clock, &mut time) } != 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(Duration::new(time.tv_sec as u64, time.tv_nsec as u32))
}
