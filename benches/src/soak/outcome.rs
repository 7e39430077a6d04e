//! What a soak has shown, and what was wrong with it.

use std::fmt;
use std::time::Duration;

use super::ledger::Ledger;

/// How much more memory the second half may take than the first, in bytes: a few pages.
const GROWTH_MAX: u64 = 16 * 4096;

/// From how many seconds on the memory is judged: before that its parts are touched for the first time.
const JUDGED_FROM: usize = 60;

/// The server's memory, once a second.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// The bytes that were resident.
    pub samples: Vec<u64>,
}

/// What a soak has shown.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The bytes and connections.
    pub ledger: Ledger,
    /// How long it took.
    pub elapsed: Duration,
    /// The time that the server was given by processors.
    pub cpu_time: Duration,
    /// The server's memory.
    pub memory: Memory,
    /// How often the server has allocated after its start; `None` if this process may not look.
    pub allocations: Option<u64>,
    /// The server's descriptors at the start and at the end.
    pub descriptors: [usize; 2],
    /// The slots of the server's pool that held a task at the end.
    pub slots_in_use: u64,
}

impl Memory {
    /// The highest in each half; `None` if there are too few to tell.
    fn halves(&self) -> Option<[u64; 2]> {
        if self.samples.len() < JUDGED_FROM {
            return None;
        }
        let (first, second) = self.samples.split_at(self.samples.len() / 2);
        Some([first, second].map(|half| half.iter().copied().max().unwrap_or_default()))
    }
}

impl Outcome {
    /// What is wrong; nothing if all is well.
    pub fn complaints(&self) -> Vec<String> {
        let mut complaints = Vec::new();
        if let Some([first, second]) = self.memory.halves()
            && second > first + GROWTH_MAX
        {
            complaints.push(format!("the memory has grown from {first} to {second} bytes"));
        }
        match self.allocations {
            Some(0) | None => {}
            Some(count) => complaints.push(format!("the server has allocated {count} times")),
        }
        let [start, end] = self.descriptors;
        if start != end {
            complaints.push(format!("the server had {start} descriptors, and has {end} now"));
        }
        if self.slots_in_use != 0 {
            complaints.push(format!("{} slots are still in use", self.slots_in_use));
        }
        complaints
    }
}

/// A table for a page.
impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ledger = &self.ledger;
        let mut row = |name: &str, value: &dyn fmt::Display| writeln!(f, "| {name} | {value} |");
        row("what", &"figure")?;
        row("---", &"--:")?;
        row("seconds", &format_args!("{:.0}", self.elapsed.as_secs_f64()))?;
        row("seconds of the server on a processor", &self.cpu_time.as_secs())?;
        row("connections", &ledger.connections())?;
        row("of these read to their end", &ledger.finished)?;
        row("of these reset by the client", &ledger.reset)?;
        row("of these closed by the client at some time", &ledger.left)?;
        row("of these broken before the server knew their end", &ledger.broken)?;
        row("of these with a client that stalled", &ledger.stalled)?;
        row("of these with a client that read slowly", &ledger.slow)?;
        for (whose, passed) in [("read to their end", ledger.whole), ("the others", ledger.cut)] {
            row(&format!("bytes of {whose}: sent by clients"), &passed.sent)?;
            row(&format!("bytes of {whose}: received by the server"), &passed.arrived)?;
            row(&format!("bytes of {whose}: received back"), &passed.returned)?;
        }
        match self.memory.halves() {
            Some([first, second]) => {
                row("resident bytes of the server, most in the first half", &first)?;
                row("resident bytes of the server, most in the second half", &second)?;
            }
            None => {
                let most = self.memory.samples.iter().max().copied().unwrap_or_default();
                row("resident bytes of the server, most", &most)?;
            }
        }
        match self.allocations {
            Some(count) => row("allocations after the start", &count)?,
            None => row("allocations after the start", &"not known")?,
        }
        let [start, end] = self.descriptors;
        row("descriptors of the server at the start and the end", &format_args!("{start}, {end}"))?;
        row("slots in use at the end", &self.slots_in_use)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Ledger, Memory, Outcome};

    fn outcome(samples: Vec<u64>) -> Outcome {
        Outcome {
            ledger: Ledger::default(),
            elapsed: Duration::from_secs(600),
            cpu_time: Duration::from_secs(300),
            memory: Memory { samples },
            allocations: Some(0),
            descriptors: [9, 9],
            slots_in_use: 0,
        }
    }

    #[test]
    fn memory_may_not_grow() {
        let flat = (0..600).map(|second| 5_000_000 + second % 7 * 4096);
        assert_eq!(outcome(flat.collect()).complaints(), [""; 0]);
        let slope = (0..600).map(|second| 5_000_000 + second * 4096);
        assert_eq!(outcome(slope.collect()).complaints().len(), 1);
        // While there is little to go by it is not judged.
        let start = (0..20).map(|second| 5_000_000 + second * 400_000);
        assert_eq!(outcome(start.collect()).complaints(), [""; 0]);
    }

    #[test]
    fn whatever_is_left_over_is_told() {
        let well = outcome(Vec::new());
        for wrong in [
            Outcome { allocations: Some(1), ..well.clone() },
            Outcome { descriptors: [9, 10], ..well.clone() },
            Outcome { slots_in_use: 1, ..well.clone() },
        ] {
            assert_eq!(wrong.complaints().len(), 1, "{wrong:?}");
        }
    }
}
