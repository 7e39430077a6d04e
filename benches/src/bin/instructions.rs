//! Prints how many instructions of user code a runtime takes for a unit of work, and fails if ours
//! takes more than it did.
//!
//! It counts other runtimes as well, but not with `--no-default-features`.

use std::io;
use std::process::ExitCode;

use coframe_benches::instructions::{WORKLOADS, is_callgrind_available, run};

fn main() -> io::Result<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [verb, arguments @ ..] = arguments.as_slice()
        && verb == "run"
    {
        run(arguments)?;
        return Ok(ExitCode::SUCCESS);
    }
    if !is_callgrind_available() {
        println!("skipped: valgrind is not installed");
        return Ok(ExitCode::SUCCESS);
    }
    let mut is_within = true;
    println!("| unit of work | runtime | instructions | at most |");
    println!("|---|---|--:|--:|");
    for workload in WORKLOADS {
        let limit = workload.limit.map_or_else(String::new, |limit| limit.to_string());
        if !workload.is_available() {
            println!("| {} | {} | skipped | {limit} |", workload.unit, workload.runner);
            continue;
        }
        let count = workload.count()?;
        println!("| {} | {} | {count} | {limit} |", workload.unit, workload.runner);
        is_within &= workload.limit.is_none_or(|limit| count <= limit);
    }
    Ok(if is_within { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
