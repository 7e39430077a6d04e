//! How many descriptors a process may have.

use std::fs;
use std::io;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Descriptors for anything but connections.
const RESERVE: u64 = 64;

/// Raises the limit of this process, and of those that it starts, as far as it may, and gives the
/// number of connections that there is room for in each.
pub fn raise() -> usize {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    // If it is refused, what is allowed is read below all the same.
    let _ = setrlimit(Resource::Nofile, raised);
    let Some(allowed) = getrlimit(Resource::Nofile).current else { return usize::MAX };
    usize::try_from(allowed.saturating_sub(RESERVE)).unwrap_or(usize::MAX)
}

/// How many descriptors a process has.
///
/// # Errors
///
/// If there is no such process, or it belongs to somebody else.
pub(super) fn count_of(process: u32) -> io::Result<usize> {
    fs::read_dir(format!("/proc/{process}/fd"))?
        .try_fold(0, |count, entry| entry.map(|_| count + 1))
}
