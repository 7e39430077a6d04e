//! Handles of processes.

use std::io;
use std::os::fd::OwnedFd;
use std::process::Child;

use rustix::process::{Pid, PidfdFlags, pidfd_open};

/// A descriptor that is readable when the child has ended.
pub(crate) fn handle_of(child: &Child) -> io::Result<OwnedFd> {
    // The number is the child's until it was waited for.
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    let pid = pid.ok_or(io::ErrorKind::InvalidInput)?;
    Ok(pidfd_open(pid, PidfdFlags::empty())?)
}
