//! How many instructions of user code a request, a spawn or a yield takes.
//!
//! ```text
//! callgrind.rs     runs this program again under valgrind, and reads what it counted
//! echo.rs          an echo server, and clients that send in step
//! files.rs         tasks that read a file at the same time
//! tasks.rs         tasks that are spawned and joined, and tasks that yield
//! competitors.rs   the same with Tokio and monoio, under the feature `competitors`
//! ```
//!
//! Each workload is run twice, with different amounts of work, and the difference of the counts is
//! divided by the difference of the amounts: what the start and the end cost falls out.

pub(crate) mod callgrind;
#[cfg(feature = "competitors")]
mod competitors;
mod echo;
mod files;
mod tasks;

use std::fmt;
use std::io;

use coframe::{DriverKind, Runtime};

/// Something to count.
#[derive(Clone, Copy, Debug)]
pub struct Workload {
    /// What is counted for.
    pub unit: Unit,
    /// What does it.
    pub runner: Runner,
    /// The most instructions that are allowed for a unit: what they were, and a little more.
    pub limit: Option<u64>,
}

/// A unit of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A message of 64 bytes and its answer, with 64 connections.
    Echo,
    /// The same, in buffers that the runtime lends.
    Leased,
    /// A read of 4 KiB of a file, with 32 of them at the same time.
    ReadFile,
    /// A task that is spawned and joined.
    Spawn,
    /// A task that lets others run.
    Yield,
}

/// What does the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Runner {
    /// This project, with a driver.
    Coframe(DriverKind),
    /// Tokio, on one thread.
    #[cfg(feature = "competitors")]
    Tokio,
    /// Monoio, over `io_uring`.
    #[cfg(feature = "competitors")]
    Monoio,
}

const URING: Runner = Runner::Coframe(DriverKind::IoUring);
const EPOLL: Runner = Runner::Coframe(DriverKind::Epoll);

/// All of them.
pub const WORKLOADS: &[Workload] = &[
    Workload { unit: Unit::Echo, runner: URING, limit: Some(300) },
    Workload { unit: Unit::Echo, runner: EPOLL, limit: Some(250) },
    #[cfg(feature = "competitors")]
    Workload { unit: Unit::Echo, runner: Runner::Tokio, limit: None },
    #[cfg(feature = "competitors")]
    Workload { unit: Unit::Echo, runner: Runner::Monoio, limit: None },
    Workload { unit: Unit::Leased, runner: URING, limit: Some(580) },
    Workload { unit: Unit::Leased, runner: EPOLL, limit: Some(620) },
    Workload { unit: Unit::ReadFile, runner: URING, limit: Some(150) },
    Workload { unit: Unit::Spawn, runner: EPOLL, limit: Some(245) },
    #[cfg(feature = "competitors")]
    Workload { unit: Unit::Spawn, runner: Runner::Tokio, limit: None },
    #[cfg(feature = "competitors")]
    Workload { unit: Unit::Spawn, runner: Runner::Monoio, limit: None },
    Workload { unit: Unit::Yield, runner: EPOLL, limit: Some(95) },
    #[cfg(feature = "competitors")]
    Workload { unit: Unit::Yield, runner: Runner::Tokio, limit: None },
];

impl Workload {
    /// Whether the kernel has what it needs.
    pub fn is_available(&self) -> bool {
        match self.runner {
            Runner::Coframe(driver) => Runtime::builder().driver(driver).build().is_ok(),
            #[cfg(feature = "competitors")]
            _ => true,
        }
    }

    /// Instructions for one unit of work.
    ///
    /// # Errors
    ///
    /// If valgrind is not installed, and if the workload fails under it.
    pub fn count(&self) -> io::Result<u64> {
        let number = WORKLOADS.iter().position(|other| other.is_same(self));
        let number = number.ok_or(io::ErrorKind::NotFound)?.to_string();
        let (amounts, units) = self.unit.amounts();
        let mut totals = [0; 2];
        for (total, amount) in totals.iter_mut().zip(amounts) {
            let arguments = ["run".to_owned(), number.clone(), amount.to_string()];
            *total = callgrind::count(&arguments, |port, server| match self.unit {
                Unit::Echo | Unit::Leased => echo::send_in_step(port, server, amount),
                Unit::ReadFile | Unit::Spawn | Unit::Yield => Ok(()),
            })?;
        }
        Ok((totals[1] - totals[0]) / ((amounts[1] - amounts[0]) * units))
    }

    fn is_same(&self, other: &Workload) -> bool {
        (self.unit, self.runner) == (other.unit, other.runner)
    }

    fn run(&self, amount: u64) -> io::Result<()> {
        #[cfg_attr(
            not(feature = "competitors"),
            allow(clippy::infallible_destructuring_match, reason = "it has more arms then")
        )]
        let driver = match self.runner {
            Runner::Coframe(driver) => driver,
            #[cfg(feature = "competitors")]
            Runner::Tokio => return competitors::tokio(self.unit, amount),
            #[cfg(feature = "competitors")]
            Runner::Monoio => return competitors::monoio(self.unit, amount),
        };
        let mut runtime = Runtime::builder().driver(driver).build()?;
        match self.unit {
            Unit::Echo => runtime.run(echo::serve),
            Unit::Leased => runtime.run(echo::serve_leased),
            Unit::ReadFile => runtime.run(|io| files::read_at_depth(io, amount)),
            Unit::Spawn => runtime.run(|io| tasks::spawn_and_join(io, amount)),
            Unit::Yield => runtime.run(|io| tasks::yield_often(io, amount)),
        }
    }
}

impl Unit {
    /// A small and a large amount of work, and the units in each.
    const fn amounts(self) -> ([u64; 2], u64) {
        match self {
            Unit::Echo | Unit::Leased => ([100, 300], echo::CONNECTIONS as u64),
            Unit::ReadFile => ([500, 1500], files::DEPTH as u64),
            Unit::Spawn | Unit::Yield => ([10_000, 30_000], 1),
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Unit::Echo => "echo of 64 bytes, 64 connections",
            Unit::Leased => "the same in leased buffers",
            Unit::ReadFile => "read of 4 KiB of a file, 32 at a time",
            Unit::Spawn => "spawn and join",
            Unit::Yield => "yield",
        })
    }
}

impl fmt::Display for Runner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Runner::Coframe(driver) => write!(f, "coframe, {driver}"),
            #[cfg(feature = "competitors")]
            Runner::Tokio => f.write_str("Tokio, one thread"),
            #[cfg(feature = "competitors")]
            Runner::Monoio => f.write_str("monoio, io_uring"),
        }
    }
}

/// Whether valgrind is installed.
pub fn is_callgrind_available() -> bool {
    callgrind::is_available()
}

/// Does what a workload counts, in the process that is counted: its number, and the amount.
///
/// # Errors
///
/// If an argument is not understood, and those of the runtime.
pub fn run(arguments: &[String]) -> io::Result<()> {
    let invalid = || io::Error::new(io::ErrorKind::InvalidInput, "expected NUMBER AMOUNT");
    let [number, amount] = arguments else { return Err(invalid()) };
    let number: usize = number.parse().map_err(|_| invalid())?;
    let amount: u64 = amount.parse().map_err(|_| invalid())?;
    WORKLOADS.get(number).ok_or_else(invalid)?.run(amount)
}
