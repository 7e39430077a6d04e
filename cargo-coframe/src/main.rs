//! `cargo coframe`: the frames of the coroutines of a crate.
//!
//! ```text
//! package.rs    the package, its targets and its source files, as cargo knows them
//! report.rs     builds a target so that the compiler says the layouts
//! sizes.rs      the table of all frames, and the check of a limit
//! source.rs     one function in the source: its expansion, its states
//! states.rs     the graph of states as text, DOT and Mermaid
//! ```
#![forbid(unsafe_code)]

mod package;
mod report;
mod sizes;
mod source;
mod states;

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};

use package::Package;
use report::Reported;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// What cargo runs.
#[derive(Parser)]
#[command(name = "cargo", bin_name = "cargo")]
enum Cargo {
    /// Shows the frames of the coroutines of a crate.
    Coframe(Options),
}

#[derive(Args)]
struct Options {
    #[command(subcommand)]
    task: Task,
    #[command(flatten)]
    selection: Selection,
}

/// What is looked at.
#[derive(Args)]
struct Selection {
    /// The `Cargo.toml` of the package.
    #[arg(long, global = true)]
    manifest_path: Option<PathBuf>,
    /// The package, if the workspace has several.
    #[arg(long, short, global = true)]
    package: Option<String>,
    /// Only the library.
    #[arg(long, global = true)]
    lib: bool,
    /// Only this binary or example.
    #[arg(long, global = true)]
    bin: Option<String>,
    /// The features to build with.
    #[arg(long, short = 'F', global = true)]
    features: Vec<String>,
    /// Build in release mode.
    #[arg(long, global = true)]
    release: bool,
}

#[derive(Subcommand)]
enum Task {
    /// Lists every coroutine with its frame, rustc's future and the largest fields.
    Sizes,
    /// Prints where everything is in the frame of a function.
    Layout {
        /// Its name, or the end of its path.
        function: String,
        /// Draws the frame into this file instead.
        #[arg(long)]
        svg: Option<PathBuf>,
    },
    /// Prints the states of a function and what leads from one to the other.
    States {
        /// Its name.
        function: String,
        /// How.
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// Prints what the attribute makes of a function.
    Expand {
        /// Its name.
        function: String,
    },
    /// Fails if a frame is larger than a limit.
    Check {
        /// The limit, in bytes.
        #[arg(long)]
        max: usize,
    },
}

/// A form of a graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A line for each state.
    Text,
    /// For Graphviz.
    Dot,
    /// For Mermaid.
    Mermaid,
}

fn main() -> ExitCode {
    let Cargo::Coframe(options) = Cargo::parse();
    match run(&options) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Outcome<ExitCode> {
    let package = Package::find(&options.selection)?;
    match &options.task {
        Task::Sizes => sizes::print(&report::collect(&package, &options.selection)?),
        Task::Layout { function, svg } => {
            let reported = report::collect(&package, &options.selection)?;
            layout(&sizes::named(&reported, function)?, svg.as_ref())?;
        }
        Task::States { function, format } => {
            print!("{}", states::render(&source::find(&package, function)?, *format)?);
        }
        Task::Expand { function } => print!("{}", source::find(&package, function)?.expand()?),
        Task::Check { max } => {
            let reported = report::collect(&package, &options.selection)?;
            return Ok(sizes::check(&reported, *max));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints layouts, or draws the only one.
fn layout(found: &[Reported], svg: Option<&PathBuf>) -> Outcome {
    match (svg, found) {
        (Some(file), [reported]) => {
            std::fs::write(file, reported.layout.byte_map().to_string())?;
            println!("wrote {}", file.display());
        }
        (Some(_), several) => {
            let paths: Vec<String> = several.iter().map(sizes::path).collect();
            return Err(format!("there are several: {}", paths.join(", ")).into());
        }
        (None, several) => several.iter().for_each(|reported| println!("{}", reported.layout)),
    }
    Ok(())
}
