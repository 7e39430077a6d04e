//! Runs both copies of a function in all scenarios and compares.

use std::fmt::Write as _;

use super::log::Event;
use super::scenarios::{Record, Run, Scenario};
use super::sizes;

/// The two copies of a function.
struct Pair<'a> {
    oracle: &'a dyn Fn(&Run),
    machine: &'a dyn Fn(&Run),
    machine_size: usize,
    runs: usize,
    differences: Vec<(Scenario, String)>,
}

/// What a comparison found.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// In how many scenarios the two copies were run.
    pub runs: usize,
    /// The bytes of the machine's frame.
    pub frame: usize,
    /// The bytes of rustc's future.
    pub future: usize,
    /// How many runs differ, and both logs of the first that does.
    pub difference: Option<String>,
}

/// Compares the two copies of a function in every scenario.
///
/// # Panics
///
/// When they differ, or when the frame is larger than it may be.
pub fn compare(name: &str, oracle: &dyn Fn(&Run), machine: &dyn Fn(&Run)) {
    let Comparison { runs, frame, future, difference } = run_both(oracle, machine);
    println!("{name}: {runs} runs compared, frame {frame} of {future} bytes");
    if let Some(difference) = difference {
        panic!("{name}: {difference}");
    }
    sizes::check(name, frame, future);
}

/// Runs the two copies of a function in every scenario.
pub fn run_both(oracle: &dyn Fn(&Run), machine: &dyn Fn(&Run)) -> Comparison {
    let mut pair = Pair { oracle, machine, machine_size: 0, runs: 0, differences: Vec::new() };
    let whole = pair.run(None, None);
    pair.panics(None, &whole);
    for polls in 0..whole.polls {
        let record = pair.run(Some(polls), None);
        pair.panics_in_drops(Some(polls), &record);
    }
    let (runs, frame, future) = (pair.runs, pair.machine_size, whole.size);
    Comparison { runs, frame, future, difference: pair.difference() }
}

impl Pair<'_> {
    /// A panic at each event of a run.
    fn panics(&mut self, cancel_after: Option<usize>, record: &Record) {
        for number in 0..record.log.count(Event::Step) {
            self.run(cancel_after, Some((Event::Step, number)));
        }
        self.panics_in_drops(cancel_after, record);
    }

    /// A panic in each drop of a run.
    fn panics_in_drops(&mut self, cancel_after: Option<usize>, record: &Record) {
        for number in 0..record.log.count(Event::Drop) {
            self.run(cancel_after, Some((Event::Drop, number)));
        }
    }

    /// How many runs differ, and the first that does.
    fn difference(&self) -> Option<String> {
        let (_, first) = self.differences.first()?;
        let is_in_drop = |difference: &&(Scenario, _)| difference.0.panics_in_drop();
        let (count, in_drops) =
            (self.differences.len(), self.differences.iter().filter(is_in_drop).count());
        let runs = self.runs;
        Some(format!("{count} of {runs} runs differ, {in_drops} by a panic in a drop\n{first}"))
    }

    /// Runs both copies; the record is rustc's.
    fn run(&mut self, cancel_after: Option<usize>, panic_at: Option<(Event, usize)>) -> Record {
        let scenario = Scenario { cancel_after, panic_at };
        let oracle = Run::record(scenario, self.oracle);
        let machine = Run::record(scenario, self.machine);
        self.machine_size = machine.size.max(self.machine_size);
        self.runs += 1;
        let is_same = oracle.log.lines() == machine.log.lines()
            && oracle.log.leaked() == machine.log.leaked();
        let is_better = scenario.panics_in_drop() && leaks_less(&machine, &oracle);
        if !is_same && !is_better {
            self.differences.push((scenario, difference(scenario, &oracle, &machine)));
        }
        oracle
    }
}

/// Whether the machine drops what rustc leaks, and does the same otherwise: rustc forgets the result
/// of an expression when the drop of its temporaries panics (rust-lang/rust#47949).
fn leaks_less(machine: &Record, oracle: &Record) -> bool {
    let mut expected = oracle.log.lines().iter().peekable();
    let mut more = 0;
    for line in machine.log.lines() {
        if expected.next_if_eq(&line).is_none() {
            if !line.starts_with("drop ") {
                return false;
            }
            more += 1;
        }
    }
    let saved = oracle.log.leaked().saturating_sub(machine.log.leaked());
    expected.next().is_none() && (1..=more).contains(&saved)
}

/// Both logs side by side.
fn difference(scenario: Scenario, oracle: &Record, machine: &Record) -> String {
    let mut text = format!("{scenario}\n   {:40} coframe\n", "rustc");
    let (left, right) = (oracle.log.lines(), machine.log.lines());
    for line in 0..left.len().max(right.len()) {
        let left = left.get(line).map_or("", String::as_str);
        let right = right.get(line).map_or("", String::as_str);
        let mark = if left == right { ' ' } else { '*' };
        let _ = writeln!(text, " {mark} {left:40} {right}");
    }
    let _ =
        writeln!(text, "   leaked: {:32} leaked: {}", oracle.log.leaked(), machine.log.leaked());
    text
}
