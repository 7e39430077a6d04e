//! Servers of this project, of other runtimes and without one, under the same clients.
//!
//! ```text
//! options.rs   what is measured, and how long
//! blocks.rs    the file that servers read from
//! server.rs    the servers by name, each in a process of its own
//! servers/     how each is written
//! load.rs      the clients, on one thread
//! measure.rs   the rounds: every server in turn, back and forth; medians
//! table.rs     the results as text
//! chart.rs     the results as a picture
//! ```

mod blocks;
mod chart;
mod load;
mod measure;
mod options;
mod server;
mod servers;
mod table;

pub use blocks::Blocks;
pub use chart::draw;
pub use load::{Clients, Report};
pub use measure::{Load, Results, Row, Sample, measure};
pub use options::{Options, Workload};
pub use server::{Job, Server};
pub use table::write;
