//! The ways to run a future.

use std::any::Any;
use std::cell::Cell;
use std::fmt;
use std::future::Future;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;
use std::task::{Context, Poll, Waker};

use super::log::{Event, Injected, Log};

/// More suspensions than any function here has.
const MOST_POLLS: usize = 1000;

/// What is done to a future.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scenario {
    /// Drop it when it was polled this often and has not completed.
    pub(super) cancel_after: Option<usize>,
    /// Let this event panic.
    pub(super) panic_at: Option<(Event, usize)>,
}

impl Scenario {
    /// Whether a drop panics in it.
    pub(super) fn panics_in_drop(self) -> bool {
        matches!(self.panic_at, Some((Event::Drop, _)))
    }
}

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.cancel_after {
            Some(polls) => write!(f, "dropped after {polls} polls")?,
            None => write!(f, "run to its end")?,
        }
        match self.panic_at {
            Some((Event::Step, number)) => write!(f, ", panic at event {number}"),
            Some((Event::Drop, number)) => write!(f, ", panic in drop {number}"),
            None => Ok(()),
        }
    }
}

/// One run of one copy of a function.
#[derive(Debug)]
pub struct Run {
    scenario: Scenario,
    size: Cell<usize>,
    polls: Cell<usize>,
}

/// What a run left behind.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) log: Log,
    pub(super) size: usize,
    pub(super) polls: usize,
}

impl Run {
    /// Runs a copy of a function.
    pub(super) fn record(scenario: Scenario, copy: &dyn Fn(&Run)) -> Record {
        Log::start(scenario.panic_at);
        let run = Run { scenario, size: Cell::new(0), polls: Cell::new(0) };
        let outcome = quietly(|| panic::catch_unwind(AssertUnwindSafe(|| copy(&run))));
        if let Err(payload) = outcome {
            note_panic(payload, " outside");
        }
        Record { log: Log::finish(), size: run.size.get(), polls: run.polls.get() }
    }

    /// Does to `future` what the scenario says.
    pub fn drive<F>(&self, future: F)
    where
        F: Future<Output: fmt::Debug>,
    {
        self.size.set(size_of_val(&future));
        let mut future = Box::pin(future);
        let mut context = Context::from_waker(Waker::noop());
        let mut poll =
            || panic::catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(&mut context)));
        loop {
            if self.scenario.cancel_after == Some(self.polls.get()) {
                Log::note("= cancel");
                break;
            }
            assert!(self.polls.get() < MOST_POLLS, "the function does not come to an end");
            self.polls.set(self.polls.get() + 1);
            match poll() {
                Ok(Poll::Pending) => Log::note("= pending"),
                Ok(Poll::Ready(value)) => {
                    Log::note(format_args!("= ready: {value:?}"));
                    catch(|| drop(value));
                    expect_panic(&mut poll);
                    break;
                }
                Err(payload) => {
                    note_panic(payload, "");
                    expect_panic(&mut poll);
                    break;
                }
            }
        }
        Log::note("= drop");
        catch(|| drop(future));
    }
}

/// Does something in which a panic may be injected.
fn catch(action: impl FnOnce()) {
    if let Err(payload) = panic::catch_unwind(AssertUnwindSafe(action)) {
        note_panic(payload, "");
    }
}

/// Logs a panic, with its message if it is one of the body's own.
fn note_panic(payload: Box<dyn Any + Send>, place: &str) {
    match payload.is::<Injected>() {
        true => Log::note(format_args!("= panicked{place}")),
        false => Log::note(format_args!("= panicked{place}: {}", message(payload))),
    }
}

/// The message of a panic.
pub(super) fn message(payload: Box<dyn Any + Send>) -> String {
    match payload.downcast::<String>() {
        Ok(message) => *message,
        Err(payload) => {
            payload.downcast_ref::<&str>().map_or(String::new(), |text| text.to_string())
        }
    }
}

/// Polls once more: a future that has come to an end must panic.
fn expect_panic<T>(poll: &mut dyn FnMut() -> Result<T, Box<dyn Any + Send>>) {
    Log::note(match poll() {
        Ok(_) => "= polled again",
        Err(payload) if payload.is::<Injected>() => "= polled again, went on",
        Err(_) => "= refuses to be polled again",
    });
}

thread_local! {
    static IS_QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Does something whose panics are expected and need not be shown.
pub(super) fn quietly<T>(action: impl FnOnce() -> T) -> T {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let shown = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !IS_QUIET.get() {
                shown(info);
            }
        }));
    });
    IS_QUIET.set(true);
    let value = action();
    IS_QUIET.set(false);
    value
}
