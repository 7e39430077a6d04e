//! Runs what the command asks for.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use coframe_random::construct::Constructs;
use coframe_random::generate::generate;
use coframe_random::print::{self, Copy};
use coframe_random::program::Program;
use coframe_random::reduce::reduce;
use coframe_random::report::Report;
use coframe_random::run::{self, Toolchain, Verdict};

use crate::arguments::Arguments;

/// Runs the programs; whether none of them fails.
pub(crate) fn run(arguments: &Arguments) -> Result<bool, Box<dyn Error>> {
    let constructs = arguments.constructs();
    if arguments.print {
        for seed in arguments.programs() {
            println!(
                "// seed {seed}\n{}",
                print::module(&generate(seed, &constructs), Copy::Plain)
            );
        }
        return Ok(true);
    }
    let toolchain = Toolchain::build()?.with_edition(&arguments.edition);
    let started = Instant::now();
    let results = run_batches(arguments, &constructs, &toolchain);
    let mut report = Report::default();
    results.iter().for_each(|(program, verdict)| report.add(program.seed, verdict));
    println!("{report}\nseconds: {}", started.elapsed().as_secs());
    let wanted: Vec<_> = wanted(arguments, &results);
    for (program, verdict) in &wanted {
        show(arguments, &toolchain, program, verdict)?;
    }
    if !arguments.keep {
        fs::remove_dir_all(toolchain.process_folder())?;
    }
    Ok(!results.iter().any(|(_, verdict)| verdict.is_failure()))
}

/// The programs in order, with their verdicts.
fn run_batches(
    arguments: &Arguments,
    constructs: &Constructs,
    toolchain: &Toolchain,
) -> Vec<(Program, Verdict)> {
    let seeds = arguments.programs();
    let batches: Vec<&[u64]> = seeds.chunks(arguments.batch).collect();
    let next = AtomicUsize::new(0);
    let results = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for job in 0..arguments.jobs {
            let (next, results, batches, count) = (&next, &results, &batches, seeds.len());
            scope.spawn(move || {
                while let Some(seeds) = batches.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let programs: Vec<Program> =
                        seeds.iter().map(|seed| generate(*seed, constructs)).collect();
                    let verdicts = run::run(toolchain, &format!("batch{job}"), &programs);
                    let mut results = results.lock().expect("no thread panics");
                    results.extend(programs.into_iter().zip(verdicts));
                    eprintln!("{} of {count} programs", results.len());
                }
            });
        }
    });
    let mut results = results.into_inner().expect("no thread panics");
    results.sort_by_key(|(program, _)| program.seed);
    results
}

/// What is shown: the smallest programs of each cause.
fn wanted(arguments: &Arguments, results: &[(Program, Verdict)]) -> Vec<(Program, Verdict)> {
    let mut causes: BTreeMap<(&str, String), Vec<(Program, Verdict)>> = BTreeMap::new();
    for (program, verdict) in results {
        let is_wanted = match verdict {
            Verdict::Refused(_) => arguments.reduce_refused,
            Verdict::Rejected(_) => arguments.reduce_rejected,
            verdict => verdict.is_failure(),
        };
        if is_wanted {
            let cause = causes.entry((verdict.kind(), verdict.cause())).or_default();
            cause.push((program.clone(), verdict.clone()));
        }
    }
    let shortest = causes.into_values().flat_map(|mut programs| {
        programs.sort_by_key(|(program, _)| program.length());
        programs.truncate(arguments.reduce);
        programs
    });
    shortest.collect()
}

/// Prints a program, reduced, and writes it to a file of its own.
fn show(
    arguments: &Arguments,
    toolchain: &Toolchain,
    program: &Program,
    verdict: &Verdict,
) -> Result<(), Box<dyn Error>> {
    let (program, verdict) = match arguments.no_reduce {
        true => (program.clone(), verdict.clone()),
        false => reduce(toolchain, program, verdict),
    };
    let copy = if matches!(verdict, Verdict::Rejected(_)) { Copy::Plain } else { Copy::Machine };
    let text = print::module(&program, copy);
    let comment: String = verdict.to_string().lines().map(|line| format!("// {line}\n")).collect();
    let text = format!("// seed {}\n{comment}{text}", program.seed);
    let path = toolchain.folder().join(format!("{}-{}.rs", verdict.kind(), program.seed));
    fs::create_dir_all(toolchain.folder())?;
    fs::write(&path, &text)?;
    println!("\n==== {}\n{text}", path.display());
    Ok(())
}
