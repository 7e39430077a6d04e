//! How many instructions of user code a request, a spawn or a yield takes.
//!
//! ```text
//! callgrind.rs    runs this program again under valgrind, and reads what it counted
//! echo.rs         an echo server, and clients that send in step
//! tasks.rs        tasks that are spawned and joined, and tasks that yield
//! ```
//!
//! Each workload is run twice, with different amounts of work, and the difference of the counts is
//! divided by the difference of the amounts: what the start and the end cost falls out.

pub(crate) mod callgrind;
mod echo;
mod tasks;

use std::io;

use coframe::{DriverKind, Runtime};

/// Something to count.
#[derive(Debug)]
pub struct Workload {
    /// What is divided by: `request`, `spawn and join`, `yield`.
    pub unit: &'static str,
    /// The driver.
    pub driver: DriverKind,
    /// The most instructions that are allowed for a unit: what they were, and a little more.
    pub limit: u64,
    name: &'static str,
    amounts: [u64; 2],
    /// What the unmeasured process does meanwhile.
    client: Option<fn(u16, u64) -> io::Result<()>>,
}

/// All of them.
pub const WORKLOADS: [Workload; 4] = [
    Workload {
        unit: "echo of 64 bytes, 64 connections",
        driver: DriverKind::IoUring,
        limit: 840,
        name: "echo",
        amounts: [100, 300],
        client: Some(echo::send_in_step),
    },
    Workload {
        unit: "echo of 64 bytes, 64 connections",
        driver: DriverKind::Epoll,
        limit: 625,
        name: "echo",
        amounts: [100, 300],
        client: Some(echo::send_in_step),
    },
    Workload {
        unit: "spawn and join",
        driver: DriverKind::Epoll,
        limit: 785,
        name: "spawn",
        amounts: [10_000, 30_000],
        client: None,
    },
    Workload {
        unit: "yield",
        driver: DriverKind::Epoll,
        limit: 140,
        name: "yield",
        amounts: [10_000, 30_000],
        client: None,
    },
];

impl Workload {
    /// Whether the kernel has the driver.
    pub fn is_available(&self) -> bool {
        Runtime::builder().driver(self.driver).build().is_ok()
    }

    /// Instructions for one unit of work.
    ///
    /// # Errors
    ///
    /// If valgrind is not installed, and if the workload fails under it.
    pub fn count(&self) -> io::Result<u64> {
        let mut totals = [0; 2];
        for (total, amount) in totals.iter_mut().zip(self.amounts) {
            let driver = self.driver.to_string();
            let arguments = ["run", self.name, &driver, &amount.to_string()].map(str::to_owned);
            *total = callgrind::count(&arguments, |port| match self.client {
                Some(client) => client(port, amount),
                None => Ok(()),
            })?;
        }
        let units = (self.amounts[1] - self.amounts[0]) * self.units_per_amount();
        Ok((totals[1] - totals[0]) / units)
    }

    const fn units_per_amount(&self) -> u64 {
        if self.client.is_some() { echo::CONNECTIONS as u64 } else { 1 }
    }
}

/// Whether valgrind is installed.
pub fn is_callgrind_available() -> bool {
    callgrind::is_available()
}

/// Does what a workload counts, in the process that is counted: `name`, driver, amount.
///
/// # Errors
///
/// If an argument is not understood, and those of the runtime.
pub fn run(arguments: &[String]) -> io::Result<()> {
    let invalid = || io::Error::new(io::ErrorKind::InvalidInput, "expected NAME DRIVER AMOUNT");
    let [name, driver, amount] = arguments else { return Err(invalid()) };
    let driver: DriverKind = driver.parse().map_err(io::Error::other)?;
    let amount: u64 = amount.parse().map_err(|_| invalid())?;
    let mut runtime = Runtime::builder().driver(driver).build()?;
    match name.as_str() {
        "echo" => runtime.run(echo::serve),
        "spawn" => runtime.run(|io| tasks::spawn_and_join(io, amount)),
        "yield" => runtime.run(|io| tasks::yield_often(io, amount)),
        _ => Err(invalid()),
    }
}
