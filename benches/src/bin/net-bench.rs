//! Measures servers of this project beside those of other runtimes, under the same clients.
//!
//! ```console
//! cargo run --release --bin net-bench             # everything: twenty minutes
//! cargo run --release --bin net-bench -- --quick  # a look whether it works
//! ```

use std::fs;
use std::io;
use std::path::PathBuf;

use clap::{Parser, Subcommand};
use coframe_benches::net_bench::{self, Options, Server, Workload};
use coframe_benches::page;
use coframe_benches::process::allocations::Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Measures servers of several runtimes under the same clients.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(flatten)]
    options: Options,
    #[command(subcommand)]
    part: Option<Part>,
}

#[derive(Debug, Subcommand)]
enum Part {
    /// Be one of the servers
    #[command(hide = true)]
    Serve { server: Server, workload: Workload, connections: usize, file: PathBuf },
}

fn main() -> io::Result<()> {
    let arguments = Arguments::parse();
    if let Some(Part::Serve { server, workload, connections, file }) = arguments.part {
        return server.serve(workload, connections, file);
    }
    let options = arguments.options.settled();
    // Before this process leaves most processors to the servers.
    let machine = page::machine()?;
    let results = net_bench::measure(&options, &mut io::stderr())?;
    let (seconds, rounds) = (options.seconds, options.rounds);
    let tables = net_bench::write(&results);
    let text = format!("{machine}; {rounds} rounds of {seconds} s for each server.\n{tables}");
    println!("{text}");
    page::insert(&options.markdown, "net-bench", &text)?;
    fs::write(&options.chart, net_bench::draw(&results))
}
