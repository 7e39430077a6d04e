//! The memory of a process.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt;

/// The bytes of this process that are resident and belong to no file: its heap, its stacks, its data.
/// What the kernel keeps for it, as the buffers of sockets, is not in it.
///
/// # Errors
///
/// If the system does not tell.
pub fn resident() -> io::Result<u64> {
    resident_of(std::process::id())
}

/// As [`resident`], of another process.
///
/// # Errors
///
/// If there is no such process.
pub(super) fn resident_of(process: u32) -> io::Result<u64> {
    let text = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = text.lines().find_map(|line| line.strip_prefix("RssAnon:"));
    let number = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    number
        .map(|kibibytes| kibibytes << 10)
        .ok_or_else(|| io::Error::other("/proc/PID/status has another form"))
}

/// A number in the memory of a process.
///
/// # Errors
///
/// If this process may not look into that one.
pub(super) fn number_at(process: u32, address: u64) -> io::Result<u64> {
    let mut bytes = [0; 8];
    File::open(format!("/proc/{process}/mem"))?.read_exact_at(&mut bytes, address)?;
    Ok(u64::from_ne_bytes(bytes))
}
