//! Threads that do what blocks.

use core::fmt;
use core::time::Duration;
use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Condvar, PoisonError};
use std::thread;

use crate::primitive::Lock;
use crate::scheduler;
use crate::sys::pages;

/// Something that a thread does.
pub(crate) trait Job: Send + Sync {
    /// Does it.
    fn run(&self);

    /// It will not be done.
    fn refuse(&self, error: io::Error);
}

/// How many threads there are, and for how long.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// The most threads at the same time.
    pub(crate) threads: usize,
    /// How long a thread waits for work before it ends.
    pub(crate) keep_alive: Duration,
    /// Whether all threads are started at once and stay, and refuse more than so much work.
    pub(crate) is_fixed: bool,
}

/// How much work waits for threads that are fixed; more is refused.
const QUEUE: usize = 1024;

/// A queue of jobs, and threads that are started when they are needed.
pub(crate) struct Threads {
    state: Lock<State>,
    is_work: Condvar,
    limits: Limits,
}

struct State {
    queue: VecDeque<Arc<dyn Job>>,
    /// Threads that wait for work.
    idle: usize,
    /// All threads.
    count: usize,
    is_closed: bool,
}

impl Threads {
    /// No threads yet, or all of them.
    pub(crate) fn new(limits: Limits) -> io::Result<Arc<Self>> {
        let mut queue = Vec::with_capacity(if limits.is_fixed { QUEUE } else { 0 });
        pages::claim(queue.spare_capacity_mut());
        let state = State { queue: queue.into(), idle: 0, count: 0, is_closed: false };
        let threads =
            Arc::new(Threads { state: Lock::new(state), is_work: Condvar::new(), limits });
        while limits.is_fixed && threads.count() < limits.threads {
            threads.state.lock().count += 1;
            if let Err(error) = threads.start() {
                threads.state.lock().count -= 1;
                threads.close();
                return Err(error);
            }
        }
        // A thread allocates while it starts.
        while limits.is_fixed && threads.state.lock().idle < limits.threads {
            thread::yield_now();
        }
        Ok(threads)
    }

    /// Lets a thread do `job`, in the order of arrival. It is refused if there is no thread and none
    /// can be started.
    pub(crate) fn push(self: &Arc<Self>, job: Arc<dyn Job>) {
        let mut state = self.state.lock();
        if state.is_closed {
            drop(state);
            return job.refuse(scheduler::ended());
        }
        if self.limits.is_fixed && state.queue.len() == QUEUE {
            drop(state);
            return job.refuse(scheduler::no_room());
        }
        state.queue.push_back(job);
        // Each job in the queue has an idle thread, or all threads that may be are at work.
        if state.idle >= state.queue.len() {
            self.is_work.notify_one();
        } else if state.count < self.limits.threads {
            state.count += 1;
            drop(state);
            if let Err(error) = self.start() {
                self.give_up(&error);
            }
        }
    }

    fn start(self: &Arc<Self>) -> io::Result<()> {
        let threads = Arc::clone(self);
        let builder = thread::Builder::new().name("coframe-blocking".to_owned());
        builder.spawn(move || threads.work()).map(drop)
    }

    /// A thread could not be started: refuses the work if there is no other one.
    fn give_up(&self, error: &io::Error) {
        let mut state = self.state.lock();
        state.count -= 1;
        // Others will come to it; without any, nobody ever would.
        if state.count > 0 {
            return;
        }
        let stranded = core::mem::take(&mut state.queue);
        drop(state);
        for job in stranded {
            job.refuse(io::Error::new(error.kind(), format!("no thread can be started: {error}")));
        }
    }

    /// What each thread does.
    fn work(&self) {
        let mut state = self.state.lock();
        loop {
            if let Some(job) = state.queue.pop_front() {
                drop(state);
                job.run();
                // Its last count may run a destructor of anybody's.
                drop(job);
                state = self.state.lock();
                continue;
            }
            if state.is_closed {
                break;
            }
            state.idle += 1;
            let waited = self.is_work.wait_timeout(state, self.limits.keep_alive);
            let (guard, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
            state = guard;
            state.idle -= 1;
            if timeout.timed_out() && state.queue.is_empty() && !self.limits.is_fixed {
                break;
            }
        }
        state.count -= 1;
    }

    /// Refuses what has not begun, and lets the threads end when they are done.
    pub(crate) fn close(&self) {
        let mut state = self.state.lock();
        state.is_closed = true;
        let queue = core::mem::take(&mut state.queue);
        drop(state);
        self.is_work.notify_all();
        queue.iter().for_each(|job| job.refuse(scheduler::ended()));
    }

    /// The number of threads.
    pub(crate) fn count(&self) -> usize {
        self.state.lock().count
    }
}

impl fmt::Debug for Threads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Threads").field("count", &self.count()).finish_non_exhaustive()
    }
}
