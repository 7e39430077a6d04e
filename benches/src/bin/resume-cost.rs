//! Prints what resuming and starting coroutines costs, and with `--check` fails if that is too much.
//!
//! ```console
//! cargo run --release --bin resume-cost                  # times
//! cargo run --release --bin resume-cost -- --check       # instructions, under Valgrind
//! ```

use std::env;
use std::hint::black_box;
use std::process::ExitCode;

use coframe_benches::instructions::is_callgrind_available;
use coframe_benches::resume_cost::{Routine, instructions, nanoseconds, routine, routines};

/// What is compared, and what must hold: the first is at most so much of the second. A machine by hand
/// suspends without awaiting anything, and so does `suspend!()`; rustc has only futures to await.
const LIMITS: &[(&str, f64, &str)] = &[
    ("suspend 1", 1.05, "nested 1"),
    ("suspend 4", 1.1, "nested 4"),
    ("suspend 16", 1.3, "nested 16"),
    ("coframe 1", 1.0, "rustc 1"),
    ("coframe 4", 1.0, "rustc 4"),
    ("coframe 16", 1.0, "rustc 16"),
    ("suspend create", 1.1, "nested create"),
    ("coframe create", 1.05, "rustc create"),
    ("await 65536", 1.0, "await 64"),
    ("spawn 65536", 1.05, "spawn 64"),
    ("spawn_with 65536", 1.05, "spawn_with 64"),
    // Memory for a large frame is allocated for itself alone.
    ("spawn anywhere 65536", 4.0, "spawn anywhere 64"),
];

/// Prints a table of one figure for each routine.
fn table(unit: &str, figures: &[(&'static str, f64)]) {
    println!("| routine | {unit} |");
    println!("|---|--:|");
    for (name, figure) in figures {
        println!("| {name} | {figure:.2} |");
    }
}

/// Prints how each limit is kept; whether all are.
fn compare(figures: &[(&'static str, f64)]) -> bool {
    let figure = |name: &str| figures.iter().find(|(other, _)| *other == name).expect("known").1;
    println!();
    let mut all_kept = true;
    for (name, limit, other) in LIMITS {
        let ratio = figure(name) / figure(other);
        let is_kept = ratio <= *limit + 1e-9;
        let verdict = if is_kept { "" } else { ": too much" };
        println!("{name} / {other} = {ratio:.3}, at most {limit}{verdict}");
        all_kept &= is_kept;
    }
    all_kept
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["run", name, n] => {
            let (Some(routine), Ok(n)) = (routine(name), n.parse()) else {
                eprintln!("no routine `{name}`, or `{n}` is no number");
                return ExitCode::FAILURE;
            };
            println!("0"); // it listens nowhere
            black_box((routine.run)(black_box(n)));
            ExitCode::SUCCESS
        }
        ["--check"] if !is_callgrind_available() => {
            println!("skipped: valgrind is not installed");
            ExitCode::SUCCESS
        }
        ["--check"] => {
            let mut figures = Vec::new();
            for routine in routines() {
                match instructions(routine.name) {
                    Ok(count) => figures.push((routine.name, count)),
                    Err(error) => {
                        eprintln!("{}: {error}", routine.name);
                        return ExitCode::FAILURE;
                    }
                }
            }
            table("instructions", &figures);
            if compare(&figures) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        [] => {
            let time = |routine: &Routine| (routine.name, nanoseconds(*routine));
            let figures: Vec<(&'static str, f64)> = routines().iter().map(time).collect();
            table("ns", &figures);
            compare(&figures);
            ExitCode::SUCCESS
        }
        _ => {
            eprintln!("usage: resume-cost [--check | run NAME N]");
            ExitCode::FAILURE
        }
    }
}
