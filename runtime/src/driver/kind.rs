//! Which driver, and why.

use core::fmt;
use core::str::FromStr;
use std::env;
use std::io;

use crate::blocking::Limits;
use crate::pool::{BufferLimits, Provision};

/// The environment variable that chooses the driver, unless the program does.
const VARIABLE: &str = "COFRAME_DRIVER";

/// The way a runtime talks to the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DriverKind {
    /// Linux: operations are queued in memory shared with the kernel, and completions come back.
    ///
    /// What a kernel does not have is done in another way. To try that where the kernel has it, name it
    /// in the environment variable `COFRAME_RING_WITHOUT`, with commas in between: `defer_taskrun`,
    /// `single_issuer` and `coop_taskrun` are ways to set the ring up; `read`, `write`, `readv`,
    /// `writev`, `openat`, `fsync`, `ftruncate`, `renameat`, `unlinkat`, `mkdirat`, `linkat`,
    /// `symlinkat` and `send_zc` are operations.
    IoUring,
    /// Linux: system calls that do not block, repeated when a descriptor is ready.
    Epoll,
    /// FreeBSD and macOS: as with epoll, where a queue of the kernel tells of changes. On Linux, if the
    /// crate is built with `--cfg coframe_libkqueue` and the library of that name is there.
    Kqueue,
    /// Any Unix: the same, where `poll` says when a descriptor is ready. It asks about all that are
    /// waited for in each turn, so it is for few connections, and for systems and sandboxes without
    /// anything better. As with epoll, threads do what blocks.
    Threads,
}

impl DriverKind {
    /// All drivers that this system may have, best first.
    pub(crate) const BEST_FIRST: &'static [DriverKind] = &[
        #[cfg(target_os = "linux")]
        DriverKind::IoUring,
        #[cfg(target_os = "linux")]
        DriverKind::Epoll,
        #[cfg(any(target_os = "freebsd", target_vendor = "apple"))]
        DriverKind::Kqueue,
        DriverKind::Threads,
    ];

    /// All drivers there are.
    const ALL: [DriverKind; 4] =
        [DriverKind::IoUring, DriverKind::Epoll, DriverKind::Kqueue, DriverKind::Threads];

    const fn name(self) -> &'static str {
        match self {
            DriverKind::IoUring => "io_uring",
            DriverKind::Epoll => "epoll",
            DriverKind::Kqueue => "kqueue",
            DriverKind::Threads => "threads",
        }
    }
}

/// What a runtime is made with.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    /// The driver, or the best one that works.
    pub(crate) kind: Option<DriverKind>,
    /// The size of the submission queue.
    pub(crate) entries: u32,
    /// Whether the kernel works on files, where it can.
    pub(crate) uses_ring_for_files: bool,
    /// Whether the loop may wait awake.
    pub(crate) spins: bool,
    /// Whether nothing is allocated after the start for more load than there is room for.
    pub(crate) is_fixed: bool,
    /// The tasks without a pool of their own for which there is room from the start.
    pub(crate) tasks: Provision,
    /// The threads for what blocks.
    pub(crate) blocking: Limits,
    /// The buffers that are lent to who receives, allocated when the first one is needed unless the
    /// program has chosen them.
    pub(crate) buffers: BufferLimits,
    pub(crate) allocates_buffers: bool,
}

/// Which driver a runtime uses, and why that one.
#[derive(Clone, Debug)]
pub struct DriverReport {
    pub(crate) kind: DriverKind,
    pub(crate) reason: String,
}

impl DriverReport {
    /// The driver.
    pub const fn kind(&self) -> DriverKind {
        self.kind
    }

    /// Why this driver and no other, in a few words.
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

impl Config {
    /// The driver the program asked for, else the one the environment asks for.
    pub(crate) fn requested(&self) -> io::Result<Option<DriverKind>> {
        if self.kind.is_some() {
            return Ok(self.kind);
        }
        let Some(value) = env::var_os(VARIABLE) else { return Ok(None) };
        let kind = value.to_string_lossy().parse::<DriverKind>();
        let invalid = |error| {
            io::Error::new(io::ErrorKind::InvalidInput, format!("the variable {VARIABLE}: {error}"))
        };
        kind.map(Some).map_err(invalid)
    }
}

impl fmt::Display for DriverReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.kind, self.reason)
    }
}

impl fmt::Display for DriverKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that no driver has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownDriver(String);

impl fmt::Display for UnknownDriver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown driver `{}`, expected one of", self.0)?;
        let names = DriverKind::ALL.iter().map(|kind| kind.name());
        names.enumerate().try_for_each(|(place, name)| {
            let comma = if place == 0 { "" } else { "," };
            write!(f, "{comma} `{name}`")
        })
    }
}

impl std::error::Error for UnknownDriver {}

impl FromStr for DriverKind {
    type Err = UnknownDriver;

    fn from_str(name: &str) -> Result<Self, UnknownDriver> {
        let kind = DriverKind::ALL.into_iter().find(|kind| kind.name() == name);
        kind.ok_or_else(|| UnknownDriver(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::DriverKind;

    #[test]
    fn names_are_read_as_they_are_written() {
        for kind in DriverKind::ALL {
            assert_eq!(kind.to_string().parse(), Ok(kind));
        }
        let error = "kqueue9".parse::<DriverKind>().unwrap_err();
        let expected = "one of `io_uring`, `epoll`, `kqueue`, `threads`";
        assert_eq!(error.to_string(), format!("unknown driver `kqueue9`, expected {expected}"));
    }
}
