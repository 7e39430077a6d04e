//! All interleavings of the state word's transitions.
//!
//! `RUSTFLAGS="--cfg loom" cargo test -p coframe --release --lib loom` looks at all of them, in about
//! a minute; `LOOM_MAX_PREEMPTIONS=3` makes it seconds.

use loom::cell::UnsafeCell;
use loom::sync::atomic::{AtomicBool, AtomicU32, Ordering::*};
use loom::sync::{Arc, Mutex};
use loom::thread;

use super::{Await, Begin, Claim, Finish, State};

/// A task, its queue, and what its future sees.
struct Model {
    state: State,
    /// Whether the task is in the queue. A task that is put into it twice breaks `OneQueue`.
    queue: Mutex<bool>,
    is_ready: AtomicBool,
    resumed: AtomicU32,
    /// What the handle has left. Two who touch it at once break `OneJoiner`.
    joiner: UnsafeCell<bool>,
    is_woken: AtomicBool,
}

impl Model {
    fn new() -> Arc<Self> {
        let model = Model {
            state: State::new(),
            queue: Mutex::new(true),
            is_ready: AtomicBool::new(false),
            resumed: AtomicU32::new(0),
            joiner: UnsafeCell::new(false),
            is_woken: AtomicBool::new(false),
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

    fn is_queued(&self) -> bool {
        *self.queue.lock().expect("not poisoned")
    }

    fn take_joiner(&self) -> bool {
        // SAFETY: whoever calls this has it: `OneJoiner`. The model checker finds out if not.
        self.joiner.with_mut(|joiner| core::mem::take(unsafe { &mut *joiner }))
    }

    fn leave_joiner(&self) {
        // SAFETY: as above.
        self.joiner.with_mut(|joiner| unsafe { *joiner = true });
    }

    /// Tells the end; true unless the task is in a queue.
    fn finish(&self) -> bool {
        match self.state.finish() {
            Finish::Done { .. } => true,
            Finish::Queued => false,
            Finish::Awaited => {
                let is_awaited = self.take_joiner();
                assert!(is_awaited, "nothing was left");
                self.state.leave();
                self.is_woken.store(true, Release);
                true
            }
        }
    }

    /// Resumes the task as its runtime; true when it is done.
    fn resume(&self) -> bool {
        self.resumed.fetch_add(1, Relaxed);
        self.is_ready.load(Relaxed) && self.finish()
    }

    /// Runs the task until it is in no queue; true when it is done.
    fn run(&self) -> bool {
        while core::mem::take(&mut *self.queue.lock().expect("not poisoned")) {
            let is_done = match self.state.begin() {
                Begin::Resume => self.resume(),
                Begin::Drop => {
                    self.state.end();
                    self.finish()
                }
                Begin::Finish => self.finish(),
            };
            if is_done {
                return true;
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
        assert!(!model.is_queued(), "a slot that is done is in a queue");
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
        assert_eq!(is_kept, Finish::Done { is_joinable: is_handles }, "dropped twice, or never");
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
                Claim::Ended | Claim::Nothing => panic!("the task was lost"),
            }
        }
        assert!(model.finish(), "nobody wakes it any more");
        waker.join().expect("the waker");
        assert_eq!(model.state.claim(), Claim::Nothing);
    });
}

/// A task that is dropped from the queue of a runtime that ends, while a waker finds that closed.
#[test]
fn a_shutdown_finishes_what_a_late_waker_gives_back() {
    loom::model(|| {
        let model = Model::new();
        let theirs = model.clone();
        let waker = thread::spawn(move || {
            if theirs.state.wake() {
                theirs.state.unqueue();
            }
        });
        model.state.begin();
        model.state.end();
        let mut is_done = model.finish();
        while !is_done {
            match model.state.claim() {
                Claim::Ended => is_done = model.finish(),
                Claim::Busy => thread::yield_now(),
                Claim::Claimed | Claim::Nothing => panic!("the task was lost"),
            }
        }
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
        // Its completion has come: the task is resumed here, whether it is in the queue or not.
        let is_done = model.resume() || model.run();
        waker.join().expect("the waker");
        assert!(is_done || model.run(), "the wake was lost");
        assert!(!model.is_queued(), "a slot that is done is in a queue");
    });
}

#[test]
fn the_end_is_not_missed() {
    loom::model(|| {
        let model = Model::new();
        model.is_ready.store(true, Relaxed);
        let theirs = model.clone();
        let handle = thread::spawn(move || {
            theirs.leave_joiner();
            match theirs.state.await_end() {
                Await::Waits => return false,
                // It polls again, as it has woken itself.
                Await::Leaving => (),
                Await::Done => assert!(theirs.state.is_done()),
            }
            assert!(theirs.take_joiner());
            true
        });
        assert!(model.run());
        let is_seen = handle.join().expect("the handle");
        assert!(model.is_woken.load(Acquire) != is_seen, "the end was missed, or told twice");
    });
}

#[test]
fn a_waker_that_is_replaced_has_one_owner() {
    loom::model(|| {
        let model = Model::new();
        model.is_ready.store(true, Relaxed);
        model.leave_joiner();
        assert_eq!(model.state.await_end(), Await::Waits);
        let theirs = model.clone();
        let handle = thread::spawn(move || {
            // The handle is polled by another one, or dropped.
            let is_back = theirs.state.await_no_more();
            if is_back {
                assert!(theirs.take_joiner());
            }
            is_back
        });
        assert!(model.run());
        let is_back = handle.join().expect("the handle");
        assert!(model.is_woken.load(Acquire) != is_back, "the waker was taken twice, or never");
    });
}
