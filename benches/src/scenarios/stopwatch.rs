//! The time that a scenario takes.

use std::fmt;
use std::io;
use std::time::{Duration, Instant};

use crate::process;

/// What a scenario took.
#[derive(Clone, Copy, Debug)]
pub struct Measured {
    /// From its beginning to its end.
    pub elapsed: Duration,
    /// What its process was given by processors meanwhile.
    pub cpu: Duration,
}

/// Measures from when it is started.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stopwatch {
    start: Instant,
    cpu: Duration,
}

impl Stopwatch {
    pub(super) fn start() -> io::Result<Self> {
        let cpu = process::cpu_time()?;
        Ok(Stopwatch { start: Instant::now(), cpu })
    }

    pub(super) fn stop(self) -> io::Result<Measured> {
        let elapsed = self.start.elapsed();
        Ok(Measured { elapsed, cpu: process::cpu_time()? - self.cpu })
    }
}

impl Measured {
    /// Reads what [`Display`](fmt::Display) has written.
    pub(super) fn read(line: &str) -> io::Result<Self> {
        let number = |part: &str| part.parse::<u64>().map_err(io::Error::other);
        let numbers = line.split_whitespace().map(number).collect::<io::Result<Vec<_>>>()?;
        let [elapsed, cpu] = numbers[..] else {
            return Err(io::Error::other(format!("expected two numbers, found `{line}`")));
        };
        Ok(Measured { elapsed: Duration::from_nanos(elapsed), cpu: Duration::from_nanos(cpu) })
    }
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.elapsed.as_nanos(), self.cpu.as_nanos())
    }
}
