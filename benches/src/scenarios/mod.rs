//! The scenarios by which libuv and libxev measure themselves, written anew.
//!
//! ```text
//! scenario.rs   the scenarios, and how much of each
//! runner.rs     who does them, each time in a process of its own
//! stopwatch.rs  what that process measures
//! connector.rs  clients that connect, for the scenario of many accepts
//! coframe.rs    this project
//! tokio.rs      Tokio
//! libuv.c       libuv, compiled by the bench if its header is installed
//! ```

mod coframe;
mod connector;
mod runner;
mod scenario;
mod stopwatch;
mod tokio;

pub use runner::Runner;
pub use scenario::Scenario;
pub use stopwatch::Measured;
