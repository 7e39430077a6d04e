//! Which processors a process may use.

use std::io;

use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// A set of processors for each side of a measurement.
#[derive(Clone, Copy, Debug)]
pub struct Processors {
    all: CpuSet,
    /// For what is measured.
    subject: CpuSet,
    /// For what measures.
    observer: CpuSet,
    count: u32,
}

impl Processors {
    /// Divides what this process may use: the last is for the observer, the others for the subject.
    /// If there is one only, both use it.
    ///
    /// # Errors
    ///
    /// If the system does not tell.
    pub fn divide() -> io::Result<Self> {
        let all = sched_getaffinity(None)?;
        let count = all.count();
        let last = (0..CpuSet::MAX_CPU).rev().find(|number| all.is_set(*number));
        let (mut subject, mut observer) = (all, all);
        if let Some(last) = last
            && count > 1
        {
            subject.unset(last);
            observer.clear();
            observer.set(last);
        }
        Ok(Processors { all, subject, observer, count })
    }

    /// The number of processors, of both sides.
    pub const fn count(&self) -> u32 {
        self.count
    }

    /// Restricts this thread to the side that measures.
    ///
    /// # Errors
    ///
    /// If the system does not allow it.
    pub fn observe(&self) -> io::Result<()> {
        Ok(sched_setaffinity(None, &self.observer)?)
    }

    /// Restricts this thread, and processes that it starts, to the side that is measured.
    ///
    /// # Errors
    ///
    /// If the system does not allow it.
    pub fn be_subject(&self) -> io::Result<()> {
        Ok(sched_setaffinity(None, &self.subject)?)
    }

    /// Lets this thread, and processes that it starts, use all of them.
    ///
    /// # Errors
    ///
    /// If the system does not allow it.
    pub fn use_all(&self) -> io::Result<()> {
        Ok(sched_setaffinity(None, &self.all)?)
    }
}
