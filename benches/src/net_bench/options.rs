//! What is measured, and how long.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::Server;

/// What a server answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Workload {
    /// What it received.
    Echo,
    /// A block of a file.
    File,
}

/// What is measured, and how long.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// Which servers
    #[arg(long, value_delimiter = ',', default_values_t = Server::usual(),
          hide_default_value = true, hide_possible_values = true, value_enum)]
    pub servers: Vec<Server>,
    /// What they answer
    #[arg(long, value_delimiter = ',', default_values_t = Workload::value_variants().to_vec(),
          value_enum)]
    pub workloads: Vec<Workload>,
    /// How many connections
    #[arg(long, value_delimiter = ',', default_values_t = [1, 64, 1000])]
    pub connections: Vec<usize>,
    /// The bytes of an echo's message
    #[arg(long, value_delimiter = ',', default_values_t = [64, 4096])]
    pub sizes: Vec<usize>,
    /// How long each server is measured in a round
    #[arg(long, default_value_t = 0.25)]
    pub seconds: f64,
    /// How often each server has its turn
    #[arg(long, default_value_t = 15)]
    pub rounds: usize,
    /// How many connections are idle when their memory is measured
    #[arg(long, default_value_t = 10_000)]
    pub idle: usize,
    /// A short run, to see that everything works: its figures mean little
    #[arg(long, conflicts_with_all = ["seconds", "rounds", "idle"])]
    pub quick: bool,
    /// Where the tables are written
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/net-bench.md"),
          hide_default_value = true)]
    pub markdown: PathBuf,
    /// Where the chart is drawn
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/pictures/net-bench.svg"),
          hide_default_value = true)]
    pub chart: PathBuf,
}

impl Options {
    /// With the short times of `--quick`, if that was asked for.
    pub fn settled(mut self) -> Self {
        if self.quick {
            (self.seconds, self.rounds, self.idle) = (0.1, 1, 500);
        }
        self
    }
}
