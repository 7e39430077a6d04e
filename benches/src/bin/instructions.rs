//! Prints how many instructions of user code the runtime takes for a unit of work, and fails if
//! that is more than it was.

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
    println!("| unit of work | driver | instructions | at most |");
    println!("|---|---|--:|--:|");
    for workload in &WORKLOADS {
        if !workload.is_available() {
            println!("| {} | {} | skipped | {} |", workload.unit, workload.driver, workload.limit);
            continue;
        }
        let count = workload.count()?;
        println!("| {} | {} | {count} | {} |", workload.unit, workload.driver, workload.limit);
        is_within &= count <= workload.limit;
    }
    Ok(if is_within { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
