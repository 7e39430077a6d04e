//! Measures the scenarios of libuv and libxev, beside libuv and Tokio.
//!
//! ```console
//! cargo run --release --bin scenarios             # three minutes
//! cargo run --release --bin scenarios -- --quick  # a look whether it works
//! ```

use std::fmt::Write as _;
use std::io;
use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};
use coframe_benches::scenarios::{Measured, Runner, Scenario};
use coframe_benches::{median, page};

/// Measures the scenarios of libuv and libxev.
#[derive(Debug, Parser)]
struct Arguments {
    /// Who does them
    #[arg(long, value_delimiter = ',', default_values_t = Runner::value_variants().to_vec(),
          value_enum)]
    runners: Vec<Runner>,
    /// Which
    #[arg(long, value_delimiter = ',', default_values_t = Scenario::value_variants().to_vec(),
          hide_default_value = true, value_enum)]
    scenarios: Vec<Scenario>,
    /// How often each is done; the medians are printed
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// One round of a hundredth of everything, to see that it works: its figures mean little
    #[arg(long)]
    quick: bool,
    /// Where the table is written
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/scenarios.md"),
          hide_default_value = true)]
    markdown: PathBuf,
    #[command(subcommand)]
    part: Option<Part>,
}

#[derive(Debug, Subcommand)]
enum Part {
    /// Do one
    #[command(hide = true)]
    Run { runner: Runner, scenario: Scenario, amount: u64 },
}

fn main() -> io::Result<()> {
    let mut arguments = Arguments::parse();
    if let Some(Part::Run { runner, scenario, amount }) = arguments.part {
        return runner.run(scenario, amount);
    }
    if arguments.quick {
        arguments.rounds = 1;
    }
    let mut text = format!("{}, the medians of {} rounds.\n\n", page::machine()?, arguments.rounds);
    let runners = prepare(&arguments.runners, &mut text);
    let _ = writeln!(text, "| scenario | runner | per second | CPU ns for each |");
    let _ = writeln!(text, "|---|---|--:|--:|");
    for &scenario in &arguments.scenarios {
        let amount = scenario.amount() / if arguments.quick { 100 } else { 1 };
        measure(&mut text, &runners, scenario, amount, arguments.rounds)?;
    }
    println!("{text}");
    page::insert(&arguments.markdown, "scenarios", &text)
}

/// Those that can run here.
fn prepare(runners: &[Runner], text: &mut String) -> Vec<Runner> {
    let mut ready = Vec::new();
    for &runner in runners {
        match runner.prepare() {
            Ok(()) => ready.push(runner),
            Err(error) => {
                let _ = writeln!(text, "Skipped: {runner}: {error}.\n");
            }
        }
    }
    ready
}

/// Everybody in turn, and again.
fn measure(
    text: &mut String,
    runners: &[Runner],
    scenario: Scenario,
    amount: u64,
    rounds: usize,
) -> io::Result<()> {
    let mut results: Vec<Vec<Measured>> = vec![Vec::new(); runners.len()];
    for _ in 0..rounds {
        for (runner, result) in runners.iter().zip(&mut results) {
            let measured = runner.measure(scenario, amount);
            let context = |error: io::Error| {
                io::Error::new(error.kind(), format!("{runner}, {scenario}: {error}"))
            };
            result.push(measured.map_err(context)?);
        }
    }
    for (runner, result) in runners.iter().zip(&results) {
        let rate = median(result, |measured| amount as f64 / measured.elapsed.as_secs_f64());
        let cpu = median(result, |measured| measured.cpu.as_nanos() as f64 / amount as f64);
        let _ = writeln!(text, "| {scenario} | {runner} | {rate:.0} | {cpu:.0} |");
    }
    Ok(())
}
