//! A server under clients that stall, reset and go away, for a long time. It fails if anything is lost,
//! grows, or is left over.
//!
//! ```console
//! cargo run --release --bin soak                                 # ten minutes
//! cargo run --release --bin soak -- --count 5000 --driver epoll  # a few seconds
//! ```

use std::io;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use coframe::DriverKind;
use coframe_benches::page;
use coframe_benches::process::allocations::Counting;
use coframe_benches::soak::{self, Options};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Lets clients that stall, reset and go away loose on a server for a long time.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(flatten)]
    options: Options,
    #[command(subcommand)]
    part: Option<Part>,
}

#[derive(Debug, Subcommand)]
enum Part {
    /// Be the server
    #[command(hide = true)]
    Serve { driver: DriverKind, connections: usize, name: String },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = match arguments.part {
        Some(Part::Serve { driver, connections, name }) => {
            soak::serve_soak(driver, connections, name).map(|()| ExitCode::SUCCESS)
        }
        None => run(&arguments.options),
    };
    result.unwrap_or_else(|error| {
        eprintln!("\nerror: {error}");
        ExitCode::FAILURE
    })
}

fn run(options: &Options) -> io::Result<ExitCode> {
    let outcome = soak::soak(options, &mut io::stderr())?;
    let driver = soak::driver(options)?;
    let text = format!(
        "{}; driver {driver}; {} connections at once; seed {}.\n\n{outcome}",
        page::machine()?,
        options.connections,
        options.seed,
    );
    eprintln!();
    println!("{text}");
    if let Some(path) = &options.markdown {
        page::insert(path, &format!("soak, {driver}"), &text)?;
    }
    let complaints = outcome.complaints();
    for complaint in &complaints {
        eprintln!("error: {complaint}");
    }
    Ok(if complaints.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
