//! Measures what many sleeping tasks take of memory and time, beside Tokio's and Go's.
//!
//! ```console
//! cargo run --release --bin sleeping-tasks
//! ```

use std::fmt::Write as _;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, Subcommand, ValueEnum};
use coframe_benches::median;
use coframe_benches::page;
use coframe_benches::sleeping_tasks::{Measured, Runner};

/// Measures what many sleeping tasks take.
#[derive(Debug, Parser)]
struct Arguments {
    /// Who runs the tasks
    #[arg(long, value_delimiter = ',', default_values_t = Runner::value_variants().to_vec(),
          value_enum)]
    runners: Vec<Runner>,
    /// How many tasks
    #[arg(long, value_delimiter = ',', default_values_t = [100_000, 1_000_000])]
    counts: Vec<u64>,
    /// How often each is measured; the medians are printed
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Until when the tasks sleep, for each million of them
    #[arg(long, default_value_t = 10.0)]
    seconds: f64,
    /// Where the tables are written
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/sleeping-tasks.md"),
          hide_default_value = true)]
    markdown: PathBuf,
    #[command(subcommand)]
    part: Option<Part>,
}

#[derive(Debug, Subcommand)]
enum Part {
    /// Run the tasks
    #[command(hide = true)]
    Run { runner: Runner, count: u64, milliseconds: u64 },
}

fn main() -> io::Result<()> {
    let arguments = Arguments::parse();
    if let Some(Part::Run { runner, count, milliseconds }) = arguments.part {
        println!("{}", runner.run(count, Duration::from_millis(milliseconds))?);
        return Ok(());
    }
    let mut text = format!("{}, the medians of {} runs.\n", page::machine()?, arguments.rounds);
    for &count in &arguments.counts {
        write_table(&mut text, &arguments, count);
    }
    println!("{text}");
    page::insert(&arguments.markdown, "sleeping-tasks", &text)
}

fn write_table(text: &mut String, arguments: &Arguments, count: u64) {
    let time = Duration::from_secs_f64(1.0 + arguments.seconds * count as f64 / 1e6);
    let mut results: Vec<(Runner, io::Result<Vec<Measured>>)> =
        arguments.runners.iter().map(|&runner| (runner, Ok(Vec::new()))).collect();
    for _ in 0..arguments.rounds {
        for (runner, result) in &mut results {
            match (runner.measure(count, time), &mut *result) {
                (Ok(measured), Ok(all)) => all.push(measured),
                (Err(error), Ok(_)) => *result = Err(error),
                (_, Err(_)) => {}
            }
        }
    }
    let _ =
        writeln!(text, "\n| {count} tasks that sleep | bytes per task | ms to start | ms to end |");
    let _ = writeln!(text, "|---|--:|--:|--:|");
    for (runner, result) in &results {
        let _ = match result {
            Ok(all) => {
                let bytes = median(all, |measured| measured.bytes as f64 / count as f64);
                let start = median(all, |measured| measured.start.as_secs_f64() * 1e3);
                let end = median(all, |measured| measured.end.as_secs_f64() * 1e3);
                writeln!(text, "| {runner} | {bytes:.0} | {start:.0} | {end:.0} |")
            }
            Err(error) => writeln!(text, "| {runner} | skipped: {error} | | |"),
        };
    }
}
