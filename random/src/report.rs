//! The verdicts of many programs.

use std::collections::BTreeMap;
use std::fmt;

use crate::run::Verdict;

/// How many seeds are listed of each cause.
const SEEDS_MAX: usize = 100;

/// How many programs there were of each kind and cause.
#[derive(Debug, Default)]
pub struct Report {
    causes: BTreeMap<(&'static str, String), Cause>,
    programs: u64,
    runs: u64,
    larger: u64,
}

/// Programs with the same verdict.
#[derive(Debug, Default)]
struct Cause {
    count: u64,
    /// The seeds of the first.
    seeds: Vec<u64>,
}

impl Report {
    /// Adds a program.
    pub fn add(&mut self, seed: u64, verdict: &Verdict) {
        self.programs += 1;
        if let Verdict::Same { runs, frame, future } = verdict {
            self.runs += runs;
            self.larger += u64::from(frame > future);
        }
        let cause = self.causes.entry((verdict.kind(), verdict.cause())).or_default();
        cause.count += 1;
        if cause.seeds.len() < SEEDS_MAX {
            cause.seeds.push(seed);
        }
    }

    /// How many programs had a verdict of this kind.
    pub fn count(&self, kind: &str) -> u64 {
        let of_kind = self.causes.iter().filter(|((found, _), _)| *found == kind);
        of_kind.map(|(_, cause)| cause.count).sum()
    }

    /// How many programs rustc accepts.
    pub fn accepted(&self) -> u64 {
        self.programs - self.count("rejected")
    }

    /// The causes of a kind.
    pub fn causes(&self, kind: &str) -> Vec<&str> {
        let of_kind = self.causes.keys().filter(|(found, _)| *found == kind);
        of_kind.map(|(_, cause)| cause.as_str()).collect()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Report { programs, runs, larger, .. } = self;
        writeln!(f, "programs: {programs}, {} of them accepted by rustc", self.accepted())?;
        for kind in ["same", "differs", "crashed", "broken", "refused", "rejected"] {
            writeln!(f, "{kind}: {}", self.count(kind))?;
            let of_kind = self.causes.iter().filter(|((found, _), _)| *found == kind);
            for ((_, cause), Cause { count, seeds }) in of_kind.filter(|one| !one.0.1.is_empty()) {
                writeln!(f, "    {count:6} {cause} {seeds:?}")?;
            }
        }
        writeln!(f, "runs compared: {runs}")?;
        write!(f, "frames larger than rustc's: {larger}")
    }
}
