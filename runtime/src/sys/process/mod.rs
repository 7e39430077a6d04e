//! Handles of processes: descriptors that are readable when a child has ended.

#[cfg(target_os = "linux")]
mod pidfd;
mod waiter;

use std::io;
use std::os::fd::OwnedFd;
use std::process::Child;

use rustix::process::Pid;

/// A descriptor that is readable when the child has ended: of the kernel's making, or else a pipe
/// that a thread closes.
pub(crate) fn handle_of(child: &Child) -> io::Result<OwnedFd> {
    match native(child) {
        Err(error) if is_missing(&error) => waiter::handle_of(number_of(child)?),
        result => result,
    }
}

/// Whether the kernel does not have the call, or a sandbox forbids it.
fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::Unsupported | io::ErrorKind::PermissionDenied)
}

/// The number is the child's until it was waited for.
fn number_of(child: &Child) -> io::Result<Pid> {
    let number = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    number.ok_or_else(|| io::ErrorKind::InvalidInput.into())
}

#[cfg(target_os = "linux")]
fn native(child: &Child) -> io::Result<OwnedFd> {
    pidfd::handle_of(number_of(child)?)
}

#[cfg(any(target_os = "freebsd", target_vendor = "apple"))]
fn native(child: &Child) -> io::Result<OwnedFd> {
    crate::sys::kqueue::handle_of(child.id())
}

#[cfg(not(any(target_os = "linux", target_os = "freebsd", target_vendor = "apple")))]
fn native(_child: &Child) -> io::Result<OwnedFd> {
    Err(io::ErrorKind::Unsupported.into())
}
