//! The tasks of this repository: `cargo xtask <task>`.
//!
//! What a task writes is compared by a test, so a forgotten task fails in `cargo test`. The rules
//! for the files of the repository are tests as well, see `tidy`.
#![forbid(unsafe_code)]

mod bless;
mod diagnostics;
mod drop_in;
mod dump;
mod expand;
mod firmware;
#[cfg(test)]
mod language;
mod sanitizer;
mod targets;
#[cfg(test)]
mod tidy;
mod toolchain;
mod workspace;

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

/// What a task ends with.
type Outcome = Result<(), Box<dyn Error>>;

/// The tasks of this repository.
#[derive(Debug, Parser)]
enum Task {
    /// Write everything anew that tests compare with: what rustc prints, the stages, the examples
    Bless,
    /// Print the stages of one annotated function
    Dump {
        /// The file the function is in
        path: PathBuf,
        /// The name of the function
        #[arg(long = "fn", value_name = "NAME")]
        function: String,
        /// The stage: ast, hir, mir, liveness, frame or rust [default: all]
        #[arg(long, value_parser = dump::stage)]
        stage: Option<coframe_compiler::dump::Stage>,
    },
    /// Write the expansions of the examples to examples/expanded
    Expand,
    /// Write docs/diagnostics.md from the catalogue and the ui tests
    Diagnostics,
    /// Put the attribute on each `async fn` of a crate of the registry, and run its tests
    DropIn(drop_in::Options),
    /// Build the images of firmware/, check them, and run them in an emulator
    Firmware(firmware::Options),
    /// Type-check the runtime for FreeBSD and macOS, with the compilers that are installed
    CheckTargets,
    /// Run the suites with more than one thread under ThreadSanitizer, where it can be had
    ThreadSanitizer,
}

fn main() -> ExitCode {
    match run(&Task::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: &Task) -> Outcome {
    match task {
        Task::Bless => bless::bless(),
        Task::Dump { path, function, stage } => dump::dump(path, function, *stage),
        Task::Expand => expand::write(),
        Task::Diagnostics => diagnostics::write(),
        Task::DropIn(options) => drop_in::drop_in(options),
        Task::Firmware(options) => firmware::firmware(options),
        Task::CheckTargets => targets::check(),
        Task::ThreadSanitizer => sanitizer::thread_sanitizer(),
    }
}
