//! How long, and how hard.

use std::path::PathBuf;

use clap::Args;
use coframe::DriverKind;

/// How long, and how hard.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// For how long clients connect
    #[arg(long, default_value_t = 600)]
    pub seconds: u64,
    /// How many connections the server serves at the same time
    #[arg(long, default_value_t = 1000)]
    pub connections: usize,
    /// How many connections there are in all, however long it takes
    #[arg(long, conflicts_with = "seconds")]
    pub count: Option<u64>,
    /// The server's driver: `io_uring`, epoll or threads [default: the best that works here]
    #[arg(long)]
    pub driver: Option<DriverKind>,
    /// What the plans of the clients follow from
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// A page to write the figures to
    #[arg(long)]
    pub markdown: Option<PathBuf>,
}
