//! Signals, turned into bytes in a pipe.

use core::sync::atomic::{AtomicBool, AtomicI32, Ordering::*};
use std::io;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};

use rustix::io::Errno;

use crate::sys::pipe::{blocking_pipe, set_nonblocking};

/// One more than the highest number of a signal.
pub(crate) const SIGNALS: usize = 65;

/// The end of the pipe that the signal handler writes to; it is never closed.
static WRITER: AtomicI32 = AtomicI32::new(-1);
/// Signals that have come and were not taken.
static PENDING: [AtomicBool; SIGNALS] = [const { AtomicBool::new(false) }; SIGNALS];

/// Makes the pipe. The result can be read from when a signal has come.
///
/// Called once in a process, before the first [`install`].
pub(crate) fn open() -> io::Result<OwnedFd> {
    let (reader, writer) = blocking_pipe()?;
    set_nonblocking(writer.as_fd())?;
    // ORDERING: pairs with `on_signal`.
    WRITER.store(writer.as_raw_fd(), Release);
    core::mem::forget(writer);
    Ok(reader)
}

/// Installs the handler for a signal.
pub(crate) fn install(number: usize) -> io::Result<()> {
    let number = i32::try_from(number).unwrap_or(-1);
    // The library allows all numbers here, and `sigaction` refuses those that cannot be caught.
    // SAFETY: all zeros is a valid `sigaction`: no flags, nothing masked.
    let mut action: libc::sigaction = unsafe { core::mem::zeroed() };
    action.sa_sigaction = on_signal as *const () as usize;
    action.sa_flags = libc::SA_RESTART;
    // SAFETY: the handler only does what is allowed in one, and the pointers are valid.
    let result = unsafe { libc::sigaction(number, &raw const action, core::ptr::null_mut()) };
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Waits until some signal has come.
pub(crate) fn wait(reader: &OwnedFd) -> io::Result<()> {
    loop {
        match rustix::io::read(reader, &mut [0; 64]) {
            Ok(_) => return Ok(()),
            Err(Errno::INTR) => (),
            Err(error) => return Err(error.into()),
        }
    }
}

/// Whether a signal has come since this was asked last.
pub(crate) fn take(number: usize) -> bool {
    // ORDERING: pairs with `on_signal`.
    PENDING[number].swap(false, AcqRel)
}

/// The signal handler.
extern "C" fn on_signal(number: libc::c_int) {
    // A number without a flag has no handler.
    let Some(pending) = usize::try_from(number).ok().and_then(|number| PENDING.get(number)) else {
        return;
    };
    // ORDERING: pairs with `take`: the flag is set before the byte that makes somebody look at it.
    pending.store(true, Release);
    // ORDERING: pairs with `open`.
    let writer = WRITER.load(Acquire);
    let errno = errno();
    // SAFETY: `errno` is this thread's own, and valid for its whole life.
    let before = unsafe { errno.read() };
    // A full pipe means that somebody will look at all flags anyway.
    // SAFETY: the descriptor is never closed, the byte is valid, and `write` is allowed here.
    unsafe { libc::write(writer, [1_u8].as_ptr().cast(), 1) };
    // SAFETY: as above.
    unsafe { errno.write(before) };
}

#[cfg(target_os = "linux")]
fn errno() -> *mut libc::c_int {
    // SAFETY: it gives the address of this thread's error number, and is allowed in a handler.
    unsafe { libc::__errno_location() }
}

#[cfg(not(target_os = "linux"))]
fn errno() -> *mut libc::c_int {
    // SAFETY: it gives the address of this thread's error number, and is allowed in a handler.
    unsafe { libc::__error() }
}
