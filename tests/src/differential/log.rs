//! The events of one run, and the fuse that makes one of them panic.

use std::cell::RefCell;
use std::fmt;
use std::panic;
use std::thread;

/// What can be made to panic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// Anything that is not a drop.
    Step,
    /// The drop of a value or a future.
    Drop,
}

/// What happened in a run, in order, and what the run is to do.
#[derive(Debug, Default)]
pub struct Log {
    lines: Vec<String>,
    steps: usize,
    drops: usize,
    fuse: Option<(Event, usize)>,
    /// Which values are alive: by number, in the order of their creation.
    alive: Vec<bool>,
}

/// The panic of a blown fuse.
#[derive(Debug)]
pub(super) struct Injected;

thread_local! {
    static LOG: RefCell<Log> = RefCell::default();
}

impl Log {
    /// Starts a new run, in which the event of this kind and number panics.
    pub(super) fn start(fuse: Option<(Event, usize)>) {
        LOG.set(Log { fuse, ..Log::default() });
    }

    /// Ends a run.
    pub(super) fn finish() -> Log {
        LOG.take()
    }

    /// The events as text.
    pub(super) fn lines(&self) -> &[String] {
        &self.lines
    }

    /// How many events of a kind there were.
    pub(super) fn count(&self, kind: Event) -> usize {
        match kind {
            Event::Step => self.steps,
            Event::Drop => self.drops,
        }
    }

    /// Notes something that never panics.
    pub(super) fn note(text: impl fmt::Display) {
        let text = text.to_string();
        LOG.with_borrow_mut(|log| log.lines.push(text));
    }

    /// Gives a new value its number.
    pub(super) fn bear() -> usize {
        LOG.with_borrow_mut(|log| {
            log.alive.push(true);
            log.alive.len() - 1
        })
    }

    /// Whether the value of this number is alive; `bury` it if it is.
    pub(super) fn is_alive(value: usize, bury: bool) -> bool {
        LOG.with_borrow_mut(|log| match log.alive.get_mut(value) {
            Some(alive) if bury => std::mem::replace(alive, false),
            Some(alive) => *alive,
            None => false,
        })
    }

    /// How many values were never dropped.
    pub(super) fn leaked(&self) -> usize {
        self.alive.iter().filter(|alive| **alive).count()
    }

    /// Adds an event; true if it is the one that panics.
    fn add(&mut self, kind: Event, text: String) -> bool {
        self.lines.push(text);
        let count = match kind {
            Event::Step => &mut self.steps,
            Event::Drop => &mut self.drops,
        };
        *count += 1;
        self.fuse == Some((kind, *count - 1)) && !thread::panicking()
    }
}

/// Logs an event, which panics if it is the one whose turn it is.
pub fn event(kind: Event, text: impl fmt::Display) {
    let text = text.to_string();
    if LOG.with_borrow_mut(|log| log.add(kind, text)) {
        Log::note("~ panic");
        panic::resume_unwind(Box::new(Injected));
    }
}
