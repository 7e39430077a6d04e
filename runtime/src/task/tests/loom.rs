//! All interleavings of the state word's transitions.
//!
//! `RUSTFLAGS="--cfg loom" cargo test -p coframe --release --lib loom` looks at all of them, in about
//! a minute; `LOOM_MAX_PREEMPTIONS=3` makes it seconds.

use loom::sync::atomic::{AtomicBool, AtomicU32, Ordering::*};
use loom::sync::{Arc, Mutex};
use loom::thread;

use super::{Begin, Claim, State};

/// A task, its queue, and what its future sees.
struct Model {
    state: State,
    /// Whether the task is in the queue. A task that is put into it twice breaks `OneQueue`.
    queue: Mutex<bool>,
    is_ready: AtomicBool,
    resumed: AtomicU32,
}

impl Model {
    fn new() -> Arc<Self> {
        let model = Model {
            state: State::new(),
            queue: Mutex::new(true),
            is_ready: AtomicBool::new(false),
            resumed: AtomicU32::new(0),
        };
        model.state.spawn();
        Arc::new(model)
    }

    fn push(&self) {
        let before = core::mem::replace(&mut *self.queue.lock().expect("not poisoned"), true);
        assert!(!before, "queued twice");
    }

    fn wake(&self) {
        if self.state.wake() {
            self.push();
        }
    }

    /// Runs the task until it is in no queue; true when it is done.
    fn run(&self) -> bool {
        while core::mem::take(&mut *self.queue.lock().expect("not poisoned")) {
            if self.state.begin() == Begin::Drop {
                self.state.finish();
                return true;
            }
            self.resumed.fetch_add(1, Relaxed);
            if self.is_ready.load(Relaxed) {
                self.state.finish();
                return true;
            }
            if self.state.suspend() {
                self.push();
            }
        }
        false
    }
}

#[test]
fn no_wake_is_lost() {
    loom::model(|| {
        let model = Model::new();
        let theirs = model.clone();
        let waker = thread::spawn(move || {
            theirs.is_ready.store(true, Relaxed);
            theirs.wake();
        });
        let is_done = model.run();
        waker.join().expect("the waker");
        assert!(is_done || model.run(), "the wake was lost");
        assert!(!*model.queue.lock().expect("not poisoned"));
        assert!(!model.state.wake());
    });
}

#[test]
fn two_wakers_queue_once() {
    loom::model(|| {
        let model = Model::new();
        let wakers = [0, 1].map(|_| {
            let theirs = model.clone();
            thread::spawn(move || theirs.wake())
        });
        model.run();
        for waker in wakers {
            waker.join().expect("the waker");
        }
        model.run();
        assert!((1..=3).contains(&model.resumed.load(Relaxed)));
    });
}

#[test]
fn an_abort_is_never_lost() {
    loom::model(|| {
        let model = Model::new();
        let theirs = model.clone();
        let aborter = thread::spawn(move || {
            if theirs.state.abort() {
                theirs.push();
            }
        });
        let is_done = model.run();
        aborter.join().expect("the aborter");
        assert!(is_done || model.run());
    });
}

#[test]
fn one_side_drops_the_outcome() {
    loom::model(|| {
        let model = Model::new();
        model.is_ready.store(true, Relaxed);
        let theirs = model.clone();
        let handle = thread::spawn(move || theirs.state.detach());
        model.state.begin();
        let is_kept = model.state.finish();
        let is_handles = handle.join().expect("the handle");
        assert_eq!(is_kept, Some(is_handles), "dropped twice, or never");
    });
}

#[test]
fn a_shutdown_claims_what_a_late_waker_gives_back() {
    loom::model(|| {
        let model = Model::new();
        model.run();
        let theirs = model.clone();
        // The queue is closed: the waker takes its wake back.
        let waker = thread::spawn(move || {
            if theirs.state.wake() {
                theirs.state.unqueue();
            }
        });
        loop {
            match model.state.claim() {
                Claim::Claimed => break,
                Claim::Busy => thread::yield_now(),
                Claim::Nothing => panic!("the task was lost"),
            }
        }
        model.state.finish();
        waker.join().expect("the waker");
        assert_eq!(model.state.claim(), Claim::Nothing);
    });
}

#[test]
fn a_completion_that_resumes_at_once_loses_no_wake() {
    loom::model(|| {
        let model = Model::new();
        assert!(!model.run(), "it waits for two things");
        let theirs = model.clone();
        let waker = thread::spawn(move || {
            theirs.is_ready.store(true, Relaxed);
            theirs.wake();
        });
        // Its completion has come: the task is resumed here, or it is in the queue already.
        let mut is_done = false;
        if model.state.begin_at_once() {
            is_done = model.is_ready.load(Relaxed);
            if is_done {
                model.state.finish();
            } else if model.state.suspend() {
                model.push();
            }
        }
        is_done = is_done || model.run();
        waker.join().expect("the waker");
        assert!(is_done || model.run(), "the wake was lost");
    });
}

#[test]
fn the_end_is_not_missed() {
    loom::model(|| {
        let model = Model::new();
        model.state.begin();
        let joiner = Arc::new(Mutex::new(false));
        let (theirs, their_joiner) = (model.clone(), joiner.clone());
        let handle = thread::spawn(move || {
            let mut joiner = their_joiner.lock().expect("not poisoned");
            *joiner = true;
            let is_done = theirs.state.await_end();
            if is_done {
                *joiner = false;
            }
            is_done
        });
        let mut is_woken = false;
        while model.state.finish().is_none() {
            let mut joiner = joiner.lock().expect("not poisoned");
            model.state.await_no_more();
            is_woken |= core::mem::take(&mut *joiner);
        }
        let is_seen = handle.join().expect("the handle");
        assert!(is_woken != is_seen, "the end was missed, or told twice");
    });
}
