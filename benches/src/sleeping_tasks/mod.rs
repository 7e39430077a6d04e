//! Many tasks that sleep: what each takes, and how long it takes to start and to end all of them.
//!
//! ```text
//! runner.rs    who runs the tasks, each in a process of its own
//! coframe.rs   this project
//! tokio.rs     Tokio
//! sleep.go     Go, compiled by the bench if Go is installed
//! census.rs    how many have started and ended; what the process prints
//! ```
//!
//! All tasks sleep until the same time, which comes after the last of them has started. So the
//! memory is that of tasks which all sleep, and the end is that of all at once.

mod census;
mod coframe;
mod runner;
mod tokio;

pub use runner::{Measured, Runner};
