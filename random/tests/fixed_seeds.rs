//! A few hundred random programs from fixed seeds.

use coframe_random::construct::Constructs;
use coframe_random::generate::generate;
use coframe_random::program::Program;
use coframe_random::report::Report;
use coframe_random::run::{self, Toolchain};

/// How many programs there are, in batches that are compiled together.
const PROGRAMS: u64 = 200;
const BATCH: usize = 50;
/// How many programs of a hundred rustc may reject: mistakes of the generator.
const REJECTED_PERCENT_MAX: u64 = 5;

/// The messages with which the macro may refuse a program, and of how many in a hundred.
const REFUSALS: &[&str] =
    &["cannot assign to a field of a saved local after a part of that field was moved out: \
     assign to the part, or to the whole local"];
const REFUSED_PERCENT_MAX: u64 = 1;

/// The seeds whose programs are known to fail, and how.
const KNOWN: &[(u64, &str)] = &[];

#[test]
fn random_programs_do_what_they_do_under_rustc() {
    let toolchain = Toolchain::build().expect("the programs' dependencies compile");
    let constructs = Constructs::usual();
    let programs: Vec<Program> = (0..PROGRAMS).map(|seed| generate(seed, &constructs)).collect();
    let mut report = Report::default();
    let mut failures = Vec::new();
    std::thread::scope(|scope| {
        let half = programs.len() / 2;
        let workers: Vec<_> = [("test0", &programs[..half]), ("test1", &programs[half..])]
            .into_iter()
            .map(|(folder, programs)| {
                let toolchain = &toolchain;
                scope.spawn(move || {
                    let batches = programs.chunks(BATCH);
                    batches.flat_map(|batch| run::run(toolchain, folder, batch)).collect::<Vec<_>>()
                })
            })
            .collect();
        let verdicts = workers.into_iter().flat_map(|worker| worker.join().expect("no panic"));
        for (program, verdict) in programs.iter().zip(verdicts) {
            report.add(program.seed, &verdict);
            let known = KNOWN.iter().find(|known| known.0 == program.seed);
            match known {
                Some((_, kind)) if *kind == verdict.kind() => {}
                Some(_) if !verdict.is_failure() => {
                    failures.push(format!("seed {}: take it off the list", program.seed));
                }
                _ if verdict.is_failure() => {
                    failures.push(format!("seed {}: {verdict}", program.seed));
                }
                _ => {}
            }
        }
    });
    println!("{report}");
    std::fs::remove_dir_all(toolchain.process_folder()).expect("the folder was made");
    assert!(failures.is_empty(), "{report}\n{}", failures.join("\n"));
    let refusals = report.causes("refused");
    let unknown: Vec<_> = refusals.iter().filter(|cause| !REFUSALS.contains(cause)).collect();
    assert!(unknown.is_empty(), "{report}\nrefused for a new reason: {unknown:?}");
    let is_rare = |kind, percent| report.count(kind) * 100 <= PROGRAMS * percent;
    assert!(is_rare("refused", REFUSED_PERCENT_MAX), "{report}\ntoo many are refused");
    assert!(is_rare("rejected", REJECTED_PERCENT_MAX), "{report}\nthe generator makes mistakes");
}

#[test]
fn a_seed_is_a_program() {
    let text = |seed| {
        coframe_random::print::functions(
            &generate(seed, &Constructs::usual()),
            coframe_random::print::Copy::Plain,
        )
    };
    assert_eq!(text(5), text(5));
    assert_ne!(text(5), text(6));
}
