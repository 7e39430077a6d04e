//! Programs are compiled in batches and run, and each gets a verdict.

mod batch;
mod diagnostics;
mod expansion;
mod process;
mod toolchain;

use std::fmt;
use std::path::PathBuf;

pub use toolchain::Toolchain;

use crate::program::Program;

/// What became of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Both copies do the same.
    Same {
        /// In how many scenarios they were run.
        runs: u64,
        /// The bytes of the frame.
        frame: u64,
        /// The bytes of rustc's future.
        future: u64,
    },
    /// rustc rejects the plain copy: the generator made a mistake.
    Rejected(String),
    /// The macro refuses the function with a message of its own.
    Refused(String),
    /// rustc rejects the copy under the attribute.
    Broken(String),
    /// The copies do not do the same.
    Differs(String),
    /// The macro panicked, or the program took the process with it, or it does not end.
    Crashed(String),
}

impl Verdict {
    /// What went wrong, in a word.
    pub fn kind(&self) -> &'static str {
        match self {
            Verdict::Same { .. } => "same",
            Verdict::Rejected(_) => "rejected",
            Verdict::Refused(_) => "refused",
            Verdict::Broken(_) => "broken",
            Verdict::Differs(_) => "differs",
            Verdict::Crashed(_) => "crashed",
        }
    }

    /// What went wrong, without what differs from program to program.
    pub fn cause(&self) -> String {
        match self {
            Verdict::Same { .. } => String::new(),
            Verdict::Differs(_) => "the logs differ".to_owned(),
            Verdict::Rejected(text)
            | Verdict::Refused(text)
            | Verdict::Broken(text)
            | Verdict::Crashed(text) => without_names(text.lines().next().unwrap_or_default()),
        }
    }

    /// Whether the other verdict has the same cause.
    pub fn is_like(&self, other: &Verdict) -> bool {
        self.kind() == other.kind() && self.cause() == other.cause()
    }

    /// Whether there is something to mend.
    pub fn is_failure(&self) -> bool {
        matches!(self, Verdict::Broken(_) | Verdict::Differs(_) | Verdict::Crashed(_))
    }
}

/// Replaces what is between backticks.
fn without_names(text: &str) -> String {
    let parts = text.split('`').enumerate();
    parts.map(|(index, part)| if index % 2 == 0 { part } else { "`..`" }).collect()
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Verdict::Same { runs, .. } => write!(f, "same in {runs} runs"),
            Verdict::Rejected(text)
            | Verdict::Refused(text)
            | Verdict::Broken(text)
            | Verdict::Differs(text)
            | Verdict::Crashed(text) => write!(f, "{}: {text}", self.kind()),
        }
    }
}

/// Compiles programs and runs them, in a folder of this name in that of the process.
pub fn run(toolchain: &Toolchain, folder: &str, programs: &[Program]) -> Vec<Verdict> {
    let folder: PathBuf = toolchain.process_folder().join(folder);
    batch::run(toolchain, &folder, programs)
}
