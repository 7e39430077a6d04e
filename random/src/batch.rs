//! What a compiled batch of programs does: compare both copies of each.
//!
//! It prints lines of JSON. A program whose line `begin` is not followed by another took the process
//! with it.

use std::env;
use std::io::{self, Write};

use coframe_tests::differential::{Run, run_both};
use serde_json::json;

/// Both copies of a program.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Its number in the batch.
    pub number: usize,
    /// rustc's copy.
    pub plain: fn(&Run),
    /// The copy under the attribute.
    pub machine: fn(&Run),
}

/// Compares the copies of the programs from the number on that is the process's only argument.
pub fn main(entries: &[Entry]) {
    let first = env::args().nth(1).and_then(|first| first.parse().ok()).unwrap_or(0);
    for entry in entries.iter().filter(|entry| entry.number >= first) {
        print(&json!({ "begin": entry.number }));
        let comparison = run_both(&entry.plain, &entry.machine);
        print(&json!({
            "end": entry.number,
            "runs": comparison.runs,
            "frame": comparison.frame,
            "future": comparison.future,
            "difference": comparison.difference,
        }));
    }
}

fn print(line: &serde_json::Value) {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).expect("the parent reads");
}
