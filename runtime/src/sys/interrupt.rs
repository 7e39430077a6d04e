//! The interrupt signal, turned into a file descriptor.

use core::sync::atomic::{AtomicI32, Ordering::*};
use std::io;
use std::os::fd::{AsRawFd, OwnedFd};

use rustix::io::Errno;
use rustix::pipe::{PipeFlags, pipe_with};

/// The end of the pipe that the signal handler writes to; it is never closed.
static WRITER: AtomicI32 = AtomicI32::new(-1);

/// Installs the handler. The result can be read from: one byte for each signal.
///
/// Called once in a process.
pub(crate) fn install() -> io::Result<OwnedFd> {
    let (reader, writer) = pipe_with(PipeFlags::CLOEXEC)?;
    rustix::io::ioctl_fionbio(&writer, true)?;
    // ORDERING: pairs with `on_interrupt`.
    WRITER.store(writer.as_raw_fd(), Release);
    core::mem::forget(writer);
    // SAFETY: all zeros is a valid `sigaction`: no flags, nothing masked.
    let mut action: libc::sigaction = unsafe { core::mem::zeroed() };
    action.sa_sigaction = on_interrupt as *const () as usize;
    action.sa_flags = libc::SA_RESTART;
    // SAFETY: the handler only calls what is allowed in one, and the pointers are valid.
    let result = unsafe { libc::sigaction(libc::SIGINT, &raw const action, core::ptr::null_mut()) };
    if result == 0 { Ok(reader) } else { Err(io::Error::last_os_error()) }
}

/// Waits for a signal.
pub(crate) fn wait(reader: &OwnedFd) -> io::Result<()> {
    loop {
        match rustix::io::read(reader, &mut [0; 16]) {
            Ok(_) => return Ok(()),
            Err(Errno::INTR) => (),
            Err(error) => return Err(error.into()),
        }
    }
}

/// The signal handler.
extern "C" fn on_interrupt(_signal: libc::c_int) {
    // ORDERING: pairs with `install`.
    let writer = WRITER.load(Acquire);
    let errno = errno();
    // SAFETY: `errno` is this thread's own, and valid for its whole life.
    let before = unsafe { errno.read() };
    // A full pipe means that signals wait to be read already.
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
