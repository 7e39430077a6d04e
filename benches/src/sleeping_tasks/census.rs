//! How many tasks have started and ended.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use super::Measured;
use crate::process::resident;

static STARTED: AtomicU64 = AtomicU64::new(0);
static ENDED: AtomicU64 = AtomicU64::new(0);

/// How often the main task looks how many have started or ended.
pub(super) const GLANCE: Duration = Duration::from_millis(1);

/// Called by a task when it has started.
pub(super) fn start() {
    STARTED.fetch_add(1, Relaxed);
}

/// Called by a task that has slept.
pub(super) fn end() {
    ENDED.fetch_add(1, Relaxed);
}

/// The times and the memory of `count` tasks.
pub(super) struct Census {
    count: u64,
    /// When the first task may begin to start.
    begin: Instant,
    /// Until when the tasks sleep.
    pub(super) deadline: Instant,
    before: u64,
    /// When all had started, and the memory that was in use then.
    started: Option<(Duration, u64)>,
}

impl Census {
    /// From now on, tasks are started. All must have started before `time` has passed.
    pub(super) fn begin(count: u64, time: Duration) -> io::Result<Self> {
        let before = resident()?;
        let begin = Instant::now();
        Ok(Census { count, begin, deadline: begin + time, before, started: None })
    }

    /// Whether all have ended. Called once in each [`GLANCE`].
    pub(super) fn is_over(&mut self) -> io::Result<bool> {
        if self.started.is_none() && STARTED.load(Relaxed) == self.count {
            let time = self.begin.elapsed();
            self.started = Some((time, resident()?.saturating_sub(self.before)));
        }
        Ok(ENDED.load(Relaxed) == self.count)
    }

    /// What was measured, after all have ended.
    pub(super) fn close(self) -> io::Result<Measured> {
        let end = self.deadline.elapsed();
        match self.started {
            Some((start, bytes)) if self.begin + start < self.deadline => {
                Ok(Measured { bytes, start, end })
            }
            _ => Err(io::Error::other("the tasks did not start before the first one ended")),
        }
    }
}
